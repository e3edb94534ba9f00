"""Compiled loops of effects on a bus: echo, chorus, phaser and room."""
