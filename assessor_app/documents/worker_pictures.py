"""Pictures in the child: decoded by Pillow and pillow-heif, turned as EXIF says, laid on white.

A picture's own pixel is one point of its page, so scale 1.0 shows every pixel once.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections import OrderedDict

from PIL import Image

from assessor_app.documents import worker_properties
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import pixels_for
from assessor_app.documents.sniff import Kind, is_heic
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.domain.cases import FindingKind

_FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "AVIF")
_TURNED_BY_EXIF = frozenset({5, 6, 7, 8})
_ORIENTATION_TAG = 0x0112
_WHITE = (255, 255, 255)
_KEPT_FRAMES = 3
_BYTES_PER_PIXEL = 4
_PIXELS_FROM = 3.0
"""Above this scale a picture's pixels are squares, not a blur."""
_REDUCTIONS = (8, 4, 2, 1)


def warm_up() -> None:
    """Load Pillow's decoders of the common formats."""
    Image.preinit()


class PictureDocument:
    """An open picture; its frames are its pages."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Read the header and count the frames; pixels are decoded when they are asked for.

        Raises:
            Refusal: damaged, of a format that is not allowed, or too large.
        """
        self._data = data
        self._limits = limits
        self._notes: list[str] = []
        # One frame may be decoded at several reductions; the key is (page, reduction).
        self._frames: OrderedDict[tuple[int, int], Image.Image] = OrderedDict()
        # The limits below replace Pillow's own, which warns before it refuses.
        Image.MAX_IMAGE_PIXELS = None
        with self._opened() as image:
            self._is_jpeg = image.format in ("JPEG", "MPO")
            count = self._frame_count(image)
            self._sizes = [self._frame_size(image, number) for number in range(count)]
        if not self._sizes:
            raise Refusal("no_pages")
        self._smallest_reduction = [self._reduction_that_fits(size) for size in self._sizes]
        if any(reduction > 1 for reduction in self._smallest_reduction):
            self._notes.append("reduced")
        self._data_bytes = len(data)

    @property
    def cost_bytes(self) -> int:
        """Memory of the file and of the frames that are decoded."""
        return self._data_bytes + sum(
            frame.width * frame.height * _BYTES_PER_PIXEL for frame in self._frames.values()
        )

    def describe(self) -> dict[str, object]:
        """Kind, sizes and notes; a picture has no text."""
        return {
            "kind": Kind.IMAGE.value,
            "sizes": [list(size) for size in self._sizes],
            "has_text": False,
            "notes": self._notes,
        }

    def draw(
        self, page: int, scale: float, clip: tuple[int, int, int, int], *, is_bare: bool = False
    ) -> bytearray:
        """Draw a part of a frame as blue, green, red, 255; a picture has no annotations to leave out.

        Raises:
            Refusal: there is no such frame, or it cannot be decoded.
        """
        del is_bare
        if not 0 <= page < len(self._sizes):
            raise Refusal("page_missing")
        frame = self._frame(page, scale)
        left, top, right, bottom = clip
        width, height = (pixels_for(side, scale) for side in self._sizes[page])
        across, down = frame.width / width, frame.height / height
        box = (left * across, top * down, min(frame.width, right * across), min(frame.height, bottom * down))
        size = (right - left, bottom - top)
        if size == frame.size and (left, top, right, bottom) == (0, 0, width, height):
            return _bgrx(frame)
        # Pillow looks beyond the box for the neighbours of its edge, so tiles fit together.
        # From here on the person looks at pixels, and wants to see them as they are.
        method = Image.Resampling.NEAREST if scale > _PIXELS_FROM else Image.Resampling.BILINEAR
        return _bgrx(frame.resize(size, method, box=box))

    def words(self, page: int) -> list[list[object]]:
        """A picture has no words."""
        if not 0 <= page < len(self._sizes):
            raise Refusal("page_missing")
        return []

    def page_size(self, page: int) -> tuple[float, float]:
        """Width and height of a frame in points."""
        width, height = self._sizes[page]
        return float(width), float(height)

    def is_picture(self, page: int) -> bool:
        """It is nothing else."""
        del page
        return True

    def properties(self) -> list[FindingKind]:
        """Where in the file's own properties something may name a person or a place."""
        with self._opened() as image:
            return worker_properties.of_picture(image)

    def tell(self, verb: str, request: dict[str, object]) -> dict[str, object]:
        """Whatever else a picture can be asked for.

        Raises:
            Refusal: nothing of this name.
        """
        del verb, request
        raise Refusal("page_missing")

    def close(self) -> None:
        """Free the decoded frames."""
        self._frames.clear()
        self._data = b""

    def _opened(self) -> Image.Image:
        """The file as Pillow sees it, nothing decoded yet.

        Raises:
            Refusal: it is damaged or of a format that is not allowed.
        """
        if is_heic(self._data[:64]):
            # Loaded for the first HEIC picture only: most work has none, and a child must start quickly.
            import pillow_heif

            pillow_heif.register_heif_opener()
        formats = (*_FORMATS, "HEIF") if is_heic(self._data[:64]) else _FORMATS
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return Image.open(io.BytesIO(self._data), formats=formats)
        except (OSError, ValueError, SyntaxError, KeyError, TypeError, struct.error):
            raise Refusal("damaged") from None

    def _frame_count(self, image: Image.Image) -> int:
        """How many frames become pages."""
        # An MPO holds one photograph and previews of it.
        if image.format == "MPO":
            return 1
        frames = int(getattr(image, "n_frames", 1))
        if image.format == "TIFF":
            if frames > self._limits.max_frames:
                self._notes.append("pages_cut")
            return min(frames, self._limits.max_frames)
        if frames > 1:
            self._notes.append("animation")
        return min(frames, self._limits.max_animation_frames)

    def _frame_size(self, image: Image.Image, number: int) -> tuple[int, int]:
        """Width and height of a frame in pixels after EXIF rotation.

        Raises:
            Refusal: a side is longer than allowed.
        """
        if number > 0:
            image.seek(number)
        width, height = image.size
        if min(width, height) < 1:
            raise Refusal("damaged")
        if max(width, height) > self._limits.max_picture_side_px:
            raise Refusal("picture_too_large")
        return (height, width) if _orientation(image) in _TURNED_BY_EXIF else (width, height)

    def _reduction_that_fits(self, size: tuple[int, int]) -> int:
        """1 when the picture may be decoded whole, else the smallest reduction that may.

        Raises:
            Refusal: none fits; only JPEG can be decoded smaller than it is.
        """
        for reduction in reversed(_REDUCTIONS) if self._is_jpeg else (1,):
            if size[0] * size[1] <= self._limits.max_picture_px * reduction * reduction:
                return reduction
        raise Refusal("picture_too_large")

    def _frame(self, page: int, scale: float) -> Image.Image:
        """The decoded frame, at the reduction that this scale needs or a better one."""
        wanted = self._smallest_reduction[page]
        if self._is_jpeg:
            wanted = max(wanted, next(step for step in _REDUCTIONS if step == 1 or scale * step <= 1.0))
        for reduction in sorted(_REDUCTIONS):
            if reduction <= wanted and (page, reduction) in self._frames:
                self._frames.move_to_end((page, reduction))
                return self._frames[page, reduction]
        frame = self._decoded(page, wanted)
        self._frames[page, wanted] = frame
        while len(self._frames) > _KEPT_FRAMES:
            self._frames.popitem(last=False)
        return frame

    def _decoded(self, page: int, reduction: int) -> Image.Image:
        """Decode a frame, turn it and lay it on white."""
        with self._opened() as image, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if page > 0:
                image.seek(page)
            if reduction > 1:
                image.draft("RGB", (-(-image.width // reduction), -(-image.height // reduction)))
            try:
                image.load()
            except (OSError, ValueError, SyntaxError, struct.error):
                raise Refusal("page_damaged") from None
            orientation = _orientation(image)
            flat = _on_white(image)
        method = _TRANSPOSITIONS.get(orientation)
        return flat.transpose(method) if method is not None else flat


_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 when there is none or it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = image.getexif().get(_ORIENTATION_TAG, 1)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, struct.error):
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _on_white(image: Image.Image) -> Image.Image:
    """A picture of any mode as RGB, transparent parts on white, deep greys brought to eight bits."""
    if image.mode.startswith(("I", "F")):
        low, high = image.convert("F").getextrema()
        assert isinstance(low, float)
        assert isinstance(high, float)
        span = max(high - low, 1e-9)
        return (
            image.convert("F").point(lambda value: (value - low) * (255.0 / span)).convert("L").convert("RGB")
        )
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        flat = Image.new("RGB", image.size, _WHITE)
        flat.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return flat
    return image.convert("RGB")


def jpeg_of(pixels: bytearray, width: int, height: int, quality: int) -> bytes:
    """Drawn pixels as a JPEG that says nothing else.

    Args:
        pixels: blue, green, red, 255 for each pixel, rows from the top.
        width: pixels in a row.
        height: rows.
        quality: 1 to 95.
    """
    buffer = io.BytesIO()
    Image.frombytes("RGB", (width, height), bytes(pixels), "raw", "BGRX").save(
        buffer, "JPEG", quality=quality
    )
    return buffer.getvalue()


def _bgrx(image: Image.Image) -> bytearray:
    """An RGB picture as bytes of blue, green, red, 255."""
    pixels = bytearray(image.tobytes("raw", "BGRX"))
    pixels[3::4] = b"\xff" * (len(pixels) // 4)
    return pixels
