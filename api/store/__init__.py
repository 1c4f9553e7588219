"""The store: tables, transactions, the trail, files by digest, backups. Knows no noun of the service and no HTTP."""
