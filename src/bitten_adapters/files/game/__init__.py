"""The game's data: achievements, challenges, gear and goods as TOML, shipped with the package."""
