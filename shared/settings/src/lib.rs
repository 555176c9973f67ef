//! jari-settings
