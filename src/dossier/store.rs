//! SQL of drafts, dossiers, papers and events.

mod acts;
mod course;
mod draft;
mod paper;

pub use acts::*;
pub use course::*;
pub use draft::*;
pub use paper::*;
