"""The hands: Prefect in this process, its server as a child that dies with us, and the nightly's schedule."""
