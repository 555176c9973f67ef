//! jari-identity
