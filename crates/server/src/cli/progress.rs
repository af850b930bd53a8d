//! A progress bar, on a terminal only.

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar; its clones show the same one.
#[derive(Clone, Debug)]
pub(super) struct Bar(ProgressBar);

/// A bar for work counted in `units`; hidden when standard error is not a terminal.
pub(super) fn bar(work: &'static str, units: &'static str) -> Bar {
    let bar = ProgressBar::new(0);
    let template = "{prefix} {wide_bar} {pos}/{len} {msg}, {eta} left";
    let style = ProgressStyle::with_template(template);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(work);
    bar.set_message(units);
    Bar(bar)
}

impl Bar {
    /// Sets the number of units done.
    pub(super) fn show(&self, done: usize, of: usize) {
        self.0.set_length(of as u64);
        self.0.set_position(done as u64);
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
