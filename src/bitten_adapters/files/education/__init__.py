"""Education as files: courses, quizzes, missions and consent texts, and a lint that reads them critically."""

from bitten_adapters.files.education.syllabus_files import CONTENT, read_syllabus

__all__ = ["CONTENT", "read_syllabus"]
