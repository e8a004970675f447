"""Makes the demo's video and sound. Run by hand, with ffmpeg at hand; what it makes is kept beside it.

    python -m reference_platform.demo.media.make_media

The video shows two-color counters moved on a board (7 - 10); the sound is what a light sensor in a titration
plays to a student: the pitch rises as the liquid changes color.
"""

from __future__ import annotations

import math
import shutil
import struct
import subprocess
import tempfile
import wave
from pathlib import Path

from PIL import Image

from reference_platform.demo import pictures
from reference_platform.demo.pictures import Disc, Line, Mark, Words

FOLDER = Path(__file__).resolve().parent
COUNTERS, SENSOR = "counters.mp4", "sensor.m4a"
SIZE, FRAMES_PER_S, SECONDS = (320, 240), 12, 6
SAMPLES_PER_S, SOUND_S = 16_000, 9
YELLOW, RED = (240, 200, 60), (200, 60, 54)
CLEAN = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact")


def main() -> None:
    """Make both files."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for number in range(FRAMES_PER_S * SECONDS):
            frame(number / FRAMES_PER_S).save(scratch / f"{number:03}.png")
        frames = ("-framerate", str(FRAMES_PER_S), "-i", str(scratch / "%03d.png"))
        video = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "26", "-movflags", "+faststart")
        run(*frames, *video, *CLEAN, str(FOLDER / COUNTERS))
        write_sound(scratch / "sensor.wav")
        sound = ("-i", str(scratch / "sensor.wav"), "-c:a", "aac", "-b:a", "48k")
        run(*sound, *CLEAN, str(FOLDER / SENSOR))


def run(*arguments: str) -> None:
    """Run ffmpeg; it says on the terminal what is wrong."""
    program = shutil.which("ffmpeg") or "ffmpeg"
    subprocess.run([program, "-loglevel", "error", "-y", *arguments], check=True)


def frame(at_s: float) -> Image.Image:
    """The board at a moment: seven yellow counters pair up with red ones, and three red ones are left."""
    marks: list[Mark] = [Words("7 + (-10)", 16, 34, 18, pictures.BLUE_MARKER), Line(((10, 50), (310, 50)))]
    paired = min(7, max(0, int((at_s - 0.8) / 0.5)))
    for number in range(7):
        lift = 22 if number < paired else 0
        marks.append(Disc(30 + number * 27, 84 + lift, 11, YELLOW))
    for number in range(10):
        lift = -22 if number < paired else 0
        marks.append(Disc(30 + number * 27, 172 + lift, 11, RED))
    if at_s > 4.6:
        marks.append(Line(((212, 196), (306, 196)), pictures.BLACK_MARKER, 3))
        marks.append(Words("3 red are left: -3", 120, 226, 15, pictures.BLACK_MARKER))
    board = Image.new("RGB", SIZE, (238, 240, 240))
    pictures.paint(board, marks, "counters")
    return board


def write_sound(path: Path) -> None:
    """A click for each drop, and a tone that rises near the end point."""
    count = SAMPLES_PER_S * SOUND_S
    phase = 0.0
    samples = bytearray()
    for number in range(count):
        at_s = number / SAMPLES_PER_S
        share = 1 / (1 + math.exp(-(at_s - 6.2) * 2.4))
        phase += 2 * math.pi * (262 + 262 * share) / SAMPLES_PER_S
        level = 0.35 * math.sin(phase) + 0.1 * math.sin(2 * phase)
        since_drop = at_s % 0.75
        if since_drop < 0.03:
            level += 0.4 * math.sin(2 * math.pi * 1800 * since_drop) * (1 - since_drop / 0.03)
        fade = min(1.0, at_s / 0.3, (SOUND_S - at_s) / 0.4)
        samples += struct.pack("<h", round(20_000 * level * fade))
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLES_PER_S)
        sound.writeframes(bytes(samples))


if __name__ == "__main__":
    main()
