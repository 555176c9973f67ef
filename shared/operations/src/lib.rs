//! jari-operations
