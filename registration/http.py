"""How a private file is answered with."""

from typing import IO

from django.http import FileResponse


def private_file(
    content: IO[bytes], *, media_type: str, name: str, is_kept: bool = False
) -> FileResponse:
    """Shown by the browser, or kept as a download; nothing in it may run or be framed."""
    answer = FileResponse(content, content_type=media_type, as_attachment=is_kept, filename=name)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
