//! SQL of drafts, dossiers, papers and events.

mod acts;
mod course;
mod draft;
mod history;
mod paper;
mod result;

pub use acts::*;
pub use course::*;
pub use draft::*;
pub use history::*;
pub use paper::*;
pub use result::*;
