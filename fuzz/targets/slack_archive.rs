#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| readmark_fuzz::slack_archive(data));
