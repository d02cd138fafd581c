"""The floor that every app stands on: states, outbox, alarms, audit, encryption, mail, wording."""
