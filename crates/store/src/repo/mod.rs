//! Every SQL statement, once.
