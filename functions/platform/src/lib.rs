//! jari-platform
