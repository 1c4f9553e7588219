"""The edges: the command line now, the service and its pages later. Translates and shows; decides no law."""
