"""The dialogue engine: reads flows (a subset of Rasa's grammar), checks them, plays them.

It knows rasa_sdk's types and no action of ours, and nothing of channels but their names.

    flows = load_flows(files)
    engine = Engine(flows, actions, fits=fits, default_flow="orienter")
    tracker = engine.new_tracker("anna", "sms")
    tracker, said = await engine.turn(tracker, Input(text="bonjour"))
"""

from bot.engine.checks import check_flows
from bot.engine.choices import match_choice
from bot.engine.diagram import graph
from bot.engine.engine import Engine, Input
from bot.engine.faults import FlowError, FlowErrors
from bot.engine.read_files import load_flows
from bot.engine.responses import Button, Fits, Payload, Utterance, parse_payload
from bot.engine.steps import Flows
from bot.engine.tracker import Tracker, undo
from bot.engine.turn import MAX_STEPS_PER_TURN

__all__ = [
    "MAX_STEPS_PER_TURN",
    "Button",
    "Engine",
    "Fits",
    "FlowError",
    "FlowErrors",
    "Flows",
    "Input",
    "Payload",
    "Tracker",
    "Utterance",
    "check_flows",
    "graph",
    "load_flows",
    "match_choice",
    "parse_payload",
    "undo",
]
