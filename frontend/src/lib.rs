//! The wasm that wakes Trestle's islands.

/// Called once by the page's script, before it wakes the islands one by one.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // Without this the linker would leave the islands out.
    use app as _;
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
