//! jari-tests
