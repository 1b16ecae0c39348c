"""Steward: sources and runs, licences, people, the audit, health and backups."""
