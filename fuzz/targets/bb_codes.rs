#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| readmark_fuzz::bb_codes(data));
