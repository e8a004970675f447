"""Work that was changed on both sides: seen side by side, chosen part by part."""
