"""The label: catalog of records, songs and parts; people and their permissions; notes."""
