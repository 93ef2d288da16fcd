//! SQL of drafts, dossiers, papers and events.

mod acts;
mod draft;
mod paper;

pub use acts::*;
pub use draft::*;
pub use paper::*;
