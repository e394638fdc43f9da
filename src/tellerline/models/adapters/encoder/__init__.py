"""The sentence encoder shipped with the product: Chinese and English in one space, int8, ONNX Runtime.

The files beside this module were made by `training/`, which tells from what, how, and what was measured.
"""

from tellerline.models.adapters.encoder.runtime import load_encoder

__all__ = ["load_encoder"]
