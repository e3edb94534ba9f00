PRAGMA application_id = 1413565253;
BEGIN TRANSACTION;
CREATE TABLE checkpoints (position INTEGER PRIMARY KEY, hash BLOB NOT NULL, signature BLOB);
CREATE TABLE contacts (
        person TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (person, field)
    );
CREATE TABLE event_tags (
        tag INTEGER NOT NULL, kind INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (tag, kind, position)
    ) WITHOUT ROWID
    ;
INSERT INTO "event_tags" VALUES(0,1,1);
INSERT INTO "event_tags" VALUES(0,2,2);
INSERT INTO "event_tags" VALUES(0,3,3);
INSERT INTO "event_tags" VALUES(1,1,1);
INSERT INTO "event_tags" VALUES(2,1,1);
INSERT INTO "event_tags" VALUES(2,2,2);
INSERT INTO "event_tags" VALUES(2,3,3);
INSERT INTO "event_tags" VALUES(3,1,1);
INSERT INTO "event_tags" VALUES(4,3,3);
CREATE TABLE events (
        position INTEGER PRIMARY KEY,           -- contiguous, from 1
        id BLOB NOT NULL UNIQUE,                -- UUIDv7, 16 bytes: the idempotency key
        kind TEXT NOT NULL,
        schema INTEGER NOT NULL,
        data TEXT NOT NULL,                     -- JSON, the very bytes that were hashed
        tags TEXT NOT NULL,                     -- JSON array, sorted
        actor TEXT NOT NULL,
        via TEXT NOT NULL,
        why TEXT,
        occurred_at TEXT,                       -- ISO 8601 with its offset: the event's own time
        recorded_at INTEGER NOT NULL,           -- microseconds since 1970, UTC, by the writer's clock
        cause BLOB,
        correlation BLOB,
        prev_hash BLOB NOT NULL,
        hash BLOB NOT NULL
    );
INSERT INTO "events" VALUES(1,X'00000000000000000000000000000001','take-made',1,'{"kind":"take-made","part":"night-bus/tin-roof/drums","number":1,"note":"Störe · 夜"}','["part:night-bus/tin-roof/drums","record:night-bus","song:night-bus/tin-roof"]','pat','pat@desk','c1:c8e0e11d9a12697ea6ae592057ac3ccd07b89d133a9665780f87ef5b8c2acbde','2026-12-07T10:00:00+00:00',1796637600000000,NULL,NULL,X'D0581CD039F248DEF213A1D34D64473E766B14D8ACA090C9CEDC93855FC8EC71',X'3FCF18F954F378F7DCFA2604BED54159BE5D896AE9FDD91F05077AC68FA8A44F');
INSERT INTO "events" VALUES(2,X'00000000000000000000000000000002','money-spent',1,'{"kind":"money-spent","record":"night-bus","minor":100}','["record:night-bus"]','pat','pat@desk',NULL,'2026-12-07T10:00:00+00:00',1796637600000000,NULL,NULL,X'3FCF18F954F378F7DCFA2604BED54159BE5D896AE9FDD91F05077AC68FA8A44F',X'E4D8AC0F2EC1BD8DE64C95FBD0D189A99E83CD332D443853D5A56B7C9415255D');
INSERT INTO "events" VALUES(3,X'00000000000000000000000000000003','room-booked',1,'{"kind":"room-booked","record":"night-bus","room":"room-a","day":1}','["record:night-bus","resource:room-a"]','pat','pat@desk','c1:b48ae39521ba3feb83f2cc8736405918416cf7b5a627d4038b9e4388ea9a5ccb','2026-12-07T10:00:00+00:00',1796637600000000,NULL,NULL,X'E4D8AC0F2EC1BD8DE64C95FBD0D189A99E83CD332D443853D5A56B7C9415255D',X'D10176251CFD6F9E5B5DB5E3DFC493ED6FB1AC9B35EF4D8AE653E34E10662F65');
CREATE TABLE kinds (id INTEGER PRIMARY KEY, kind TEXT NOT NULL UNIQUE);
INSERT INTO "kinds" VALUES(1,'take-made');
INSERT INTO "kinds" VALUES(2,'money-spent');
INSERT INTO "kinds" VALUES(3,'room-booked');
CREATE TABLE log_head (log BLOB NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL);
INSERT INTO "log_head" VALUES(X'00000000000000000000000000000007',3,X'D10176251CFD6F9E5B5DB5E3DFC493ED6FB1AC9B35EF4D8AE653E34E10662F65');
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('store.min_writer',2);
INSERT INTO "meta" VALUES('store.version',3);
CREATE TABLE outbox (
        subscription TEXT NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, notice TEXT NOT NULL,
        PRIMARY KEY (subscription, position, number)
    );
CREATE TABLE parked (
            subscription TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (subscription, position)
        );
CREATE TABLE subscriptions (name TEXT PRIMARY KEY, position INTEGER NOT NULL);
CREATE TABLE tags (id INTEGER PRIMARY KEY, tag TEXT NOT NULL UNIQUE);
INSERT INTO "tags" VALUES(0,'');
INSERT INTO "tags" VALUES(1,'part:night-bus/tin-roof/drums');
INSERT INTO "tags" VALUES(2,'record:night-bus');
INSERT INTO "tags" VALUES(3,'song:night-bus/tin-roof');
INSERT INTO "tags" VALUES(4,'resource:room-a');
CREATE TABLE texts (
        position INTEGER NOT NULL, field TEXT NOT NULL, salt BLOB NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (position, field)
    );
INSERT INTO "texts" VALUES(1,'why',X'0101010101010101010101010101010101010101010101010101010101010101','the pocket');
INSERT INTO "texts" VALUES(3,'why',X'0202020202020202020202020202020202020202020202020202020202020202','no \ other');
CREATE TABLE views (
        name TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (name, version)
    ) WITHOUT ROWID
    ;
CREATE TRIGGER events_guards_update BEFORE UPDATE ON events WHEN 1 BEGIN SELECT RAISE(ABORT, 'events: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER events_guards_delete BEFORE DELETE ON events WHEN 1 BEGIN SELECT RAISE(ABORT, 'events: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER tags_guards_update BEFORE UPDATE ON tags WHEN 1 BEGIN SELECT RAISE(ABORT, 'tags: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER tags_guards_delete BEFORE DELETE ON tags WHEN 1 BEGIN SELECT RAISE(ABORT, 'tags: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER kinds_guards_update BEFORE UPDATE ON kinds WHEN 1 BEGIN SELECT RAISE(ABORT, 'kinds: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER kinds_guards_delete BEFORE DELETE ON kinds WHEN 1 BEGIN SELECT RAISE(ABORT, 'kinds: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER event_tags_guards_update BEFORE UPDATE ON event_tags WHEN 1 BEGIN SELECT RAISE(ABORT, 'event_tags: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER event_tags_guards_delete BEFORE DELETE ON event_tags WHEN 1 BEGIN SELECT RAISE(ABORT, 'event_tags: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER checkpoints_guards_update BEFORE UPDATE ON checkpoints WHEN 1 BEGIN SELECT RAISE(ABORT, 'checkpoints: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER checkpoints_guards_delete BEFORE DELETE ON checkpoints WHEN 1 BEGIN SELECT RAISE(ABORT, 'checkpoints: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER log_head_guards_delete BEFORE DELETE ON log_head WHEN 1 BEGIN SELECT RAISE(ABORT, 'log_head: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER events_guards_insert BEFORE INSERT ON events WHEN new.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events) OR EXISTS (SELECT 1 FROM events WHERE id = new.id) BEGIN SELECT RAISE(ABORT, 'events: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER tags_guards_insert BEFORE INSERT ON tags WHEN EXISTS (SELECT 1 FROM tags WHERE id = new.id OR tag = new.tag) BEGIN SELECT RAISE(ABORT, 'tags: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER kinds_guards_insert BEFORE INSERT ON kinds WHEN EXISTS (SELECT 1 FROM kinds WHERE id = new.id OR kind = new.kind) BEGIN SELECT RAISE(ABORT, 'kinds: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER checkpoints_guards_insert BEFORE INSERT ON checkpoints WHEN EXISTS (SELECT 1 FROM checkpoints WHERE position = new.position) BEGIN SELECT RAISE(ABORT, 'checkpoints: what is recorded stays, and new events follow the last'); END;
CREATE TRIGGER log_head_guards_insert BEFORE INSERT ON log_head WHEN EXISTS (SELECT 1 FROM log_head) BEGIN SELECT RAISE(ABORT, 'log_head: what is recorded stays, and new events follow the last'); END;
COMMIT;
