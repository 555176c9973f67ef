//! jari-reservations
