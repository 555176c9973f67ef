//! jari-store
