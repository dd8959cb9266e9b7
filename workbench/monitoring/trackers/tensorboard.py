"""TensorBoard: event files, written without TensorFlow or PyTorch."""

import html
import shutil

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.text.metadata import create_summary_metadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from workbench.monitoring.trackers.base import Row, Subject, numbers


class Sender:
    """One folder a run. What is sent again replaces what was there."""

    def begin(self, subject: Subject) -> None:
        folder = subject.place / subject.run_id
        if subject.is_new:
            shutil.rmtree(folder, ignore_errors=True)
        self._subject = subject
        self._writer = EventFileWriter(str(folder))
        if subject.is_new:
            # It takes numbers and texts, no lists.
            plain = {name: str(value) if isinstance(value, list) else value for name, value in subject.settings.items()}
            self._write(hparams_pb(plain, start_time_secs=subject.created), subject.created, 0)

    def step(self, row: Row) -> None:
        values = [Summary.Value(tag=name, simple_value=value) for name, value in numbers(row).items()]
        self._write(Summary(value=values), self._subject.time(row), row["step"])

    def evaluation(self, row: Row) -> None:
        self.step({"step": row["step"], "seconds": row["seconds"], "eval_loss": row["eval_loss"]})

    def answer(self, row: Row) -> None:
        # TensorBoard draws texts as Markdown, in which a model's answer must stay an answer.
        words = f"<pre>{html.escape(row['answer'])}</pre>".encode()
        shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
        tensor = TensorProto(dtype="DT_STRING", string_val=[words], tensor_shape=shape)
        about: SummaryMetadata = create_summary_metadata(display_name="", description="")
        value = Summary.Value(tag=f"answers/{row['prompt'][:60]}", metadata=about, tensor=tensor)
        self._write(Summary(value=[value]), self._subject.time(row), row["step"])

    def end(self) -> None:
        self._writer.close()

    def _write(self, summary: Summary, time: float, step: int) -> None:
        self._writer.add_event(Event(summary=summary, wall_time=time, step=step))
