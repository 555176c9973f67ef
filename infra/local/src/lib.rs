//! jari-local
