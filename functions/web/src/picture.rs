//! A picture for a restaurant that has none of its own: a few plain shapes of what is on its table, always the same for
//! the same restaurant. Colours are classes, so that both colour schemes have theirs and the page needs no style of its own.

use std::fmt::Write;

use jari_domain::RestaurantId;

/// Width and height of the drawing; it is cut to whatever box it stands in.
const WIDTH: u32 = 320;
const HEIGHT: u32 = 200;

/// The markup of a restaurant's picture. Decoration: it tells nothing that the words beside it do not.
pub(crate) fn of(id: RestaurantId, cuisines: &[String]) -> String {
    let seed = seed(id);
    let tone = ["warm", "good", "calm", "waiting"][pick(seed, 0, 4)];
    let motif =
        cuisines.iter().find_map(|cuisine| fitting(cuisine)).unwrap_or(MOTIFS[pick(seed, 8, MOTIFS.len())]);
    // Behind the table: a sun or a moon, and the edge of the table, nowhere twice at the same place.
    let (x, y, size) = (40 + pick(seed, 16, 240), 24 + pick(seed, 24, 60), 34 + pick(seed, 32, 40));
    let edge = 128 + pick(seed, 40, 24);
    let tilt = pick(seed, 48, 13).abs_diff(6);
    let (left, right) = if pick(seed, 52, 2) == 0 { (edge, edge + tilt) } else { (edge + tilt, edge) };
    let mut svg = String::with_capacity(1_024);
    // Writing to a String can't fail.
    let _ = write!(
        svg,
        "<svg class=\"art {tone}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"xMidYMid slice\" aria-hidden=\"true\">\
         <path class=\"ground\" d=\"M0 0h{WIDTH}v{HEIGHT}H0z\"/><circle class=\"far\" cx=\"{x}\" cy=\"{y}\" r=\"{size}\"/>\
         <path class=\"far\" d=\"M0 {left}L{WIDTH} {right}V{HEIGHT}H0z\"/>{motif}</svg>"
    );
    svg
}

/// What fits a cuisine, if there is anything of its own.
fn fitting(cuisine: &str) -> Option<&'static str> {
    Some(match cuisine {
        "korean" => STONE_POT,
        "noodles" | "chinese" => NOODLES,
        "sushi" | "seafood" | "japanese" => FISH,
        "wine-bar" | "french" | "european" => GLASS,
        "vegan" => SPRIG,
        "bbq" | "izakaya" => SKEWERS,
        "cafe-brunch" => CUP,
        "italian" | "indian" | "sri-lankan" => PLATE,
        _ => return None,
    })
}

const MOTIFS: &[&str] = &[STONE_POT, NOODLES, FISH, GLASS, SPRIG, SKEWERS, CUP, PLATE];

const STONE_POT: &str = r#"<path class="tone" d="M92 92h136l-10 52q-4 22-26 22h-64q-22 0-26-22z"/><path class="tone" d="M78 92h164v12H78z"/><ellipse class="dish" cx="160" cy="92" rx="66" ry="13"/><circle class="tone" cx="146" cy="90" r="6"/><circle class="tone" cx="172" cy="93" r="5"/><circle class="tone" cx="160" cy="86" r="4"/><path class="line" d="M136 66q-9-10 0-20t0-20M160 62q-9-10 0-20t0-20M184 66q-9-10 0-20t0-20"/>"#;
const NOODLES: &str = r#"<path class="tone" d="M84 98h152q-4 46-46 60v10h-60v-10q-42-14-46-60z"/><ellipse class="dish" cx="160" cy="98" rx="76" ry="15"/><path class="line" d="M112 98q12-10 24 0t24 0 24 0 24 0"/><path class="line" d="M176 94L250 26M190 96L262 36"/>"#;
const FISH: &str = r#"<ellipse class="dish" cx="160" cy="116" rx="112" ry="46"/><path class="tone" d="M78 114q52-50 112-8l34-20q-8 30 0 54l-34-20q-60 42-112-6z"/><circle class="eye" cx="110" cy="107" r="5"/><path class="scale" d="M136 96q12 18 0 36M158 96q12 20 0 38"/>"#;
const GLASS: &str = r#"<path class="dish" d="M118 34h84q6 66-42 72-48-6-42-72z"/><path class="tone" d="M120 62h80q-4 40-40 44-36-4-40-44z"/><path class="line" d="M160 108v52M132 164h56"/><path class="tone" d="M232 168V96q0-14 8-22V40h16v34q8 8 8 22v72z"/>"#;
const SPRIG: &str = r#"<ellipse class="dish" cx="160" cy="124" rx="104" ry="44"/><path class="line" d="M96 146Q160 128 214 62"/><path class="tone" d="M132 136q-34 2-44-28 34-4 44 28zM162 118q-32-12-30-44 32 10 30 44zM188 92q-22-20-10-48 24 20 10 48zM150 128q14 28 48 22-12-30-48-22zM178 104q22 18 48 2-20-24-48-2z"/>"#;
const SKEWERS: &str = r#"<path class="dish" d="M60 92h200l-16 70H76z"/><path class="line" d="M88 150L196 44M124 158L232 52M160 164L262 66"/><path class="tone" d="M104 122l22-22 14 14-22 22zM134 92l22-22 14 14-22 22zM140 130l22-22 14 14-22 22zM170 100l22-22 14 14-22 22zM178 136l22-22 14 14-22 22zM208 108l22-22 14 14-22 22z"/>"#;
const CUP: &str = r#"<ellipse class="dish" cx="160" cy="158" rx="96" ry="18"/><path class="tone" d="M104 78h104v42q0 36-34 36h-36q-34 0-34-36z"/><path class="line" d="M208 90h12q18 0 18 18t-18 18h-14"/><ellipse class="dish" cx="156" cy="78" rx="52" ry="11"/><path class="line" d="M140 54q-8-9 0-18t0-16M168 54q-8-9 0-18t0-16"/>"#;
const PLATE: &str = r#"<circle class="dish" cx="160" cy="104" r="72"/><circle class="ring" cx="160" cy="104" r="50"/><path class="tone" d="M160 70q36 2 34 34-4 34-38 32-30-6-28-38 4-26 32-28z"/><circle class="dish" cx="150" cy="96" r="7"/><circle class="dish" cx="172" cy="110" r="6"/><path class="line" d="M60 54v100M48 54v28q0 12 12 12t12-12V54M262 154V54q-18 12-18 44h18"/>"#;

/// A number out of an id that looks like any other's (FNV-1a).
fn seed(id: RestaurantId) -> u64 {
    id.digits().bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// One of `count`, by the bits of the seed from `bit` on.
fn pick(seed: u64, bit: u32, count: usize) -> usize {
    let bits = seed.rotate_right(bit) & 0xffff;
    usize::try_from(bits).unwrap_or_default() % count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(last: char) -> RestaurantId {
        format!("rst_01jar10000000000000000000{last}").parse().unwrap()
    }

    #[test]
    fn a_restaurant_always_has_the_same_picture_and_neighbours_have_others() {
        let none = [String::new()];
        assert_eq!(of(id('1'), &none), of(id('1'), &none));
        assert_ne!(of(id('1'), &none), of(id('2'), &none));
        assert_ne!(of(id('1'), &["sushi".to_owned()]), of(id('1'), &["vegan".to_owned()]));
    }

    #[test]
    fn a_picture_brings_no_style_of_its_own() {
        for last in "123456789".chars() {
            let svg = of(id(last), &[]);
            assert!(!svg.contains("style") && !svg.contains("fill=") && svg.len() < 1_500, "{svg}");
        }
    }
}
