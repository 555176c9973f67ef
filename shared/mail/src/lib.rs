//! jari-mail
