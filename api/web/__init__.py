"""The pages: what people see in a browser. They ask the same functions as the interface under `/api/v1`."""
