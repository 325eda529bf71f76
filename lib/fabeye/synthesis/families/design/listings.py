"""Code listings of a design document: the control unit that the figure shows, and assertions about its handshake."""

from random import Random

from fabeye.synthesis.figures.state import Machine
from fabeye.synthesis.wording import Phrase

NEXT = Phrase("next state", "次态")
HELD = Phrase("data stays until it is taken", "数据保持至被接收")
KNOWN = Phrase("the state is never unknown", "状态不得为未知值")


def machine_code(machine: Machine, language: str) -> str:
    """SystemVerilog of a control unit: the same states and transitions as its figure."""
    width = max(1, (len(machine.states) - 1).bit_length())
    states = ", ".join(f"S_{name}" for name in machine.states)
    lines = [
        f"module {machine.name} (",
        f"  input logic clk, rst_n, {', '.join(_conditions(machine))}",
        ");",
        f"  typedef enum logic [{width - 1}:0] {{{states}}} state_t;",
        "  state_t state_q, state_d;",
        "",
        f"  always_comb begin : next  // {NEXT.said(language)}",
        "    state_d = state_q;",
        "    unique case (state_q)",
    ]
    for name in machine.states:
        ways = [(end, condition) for start, end, condition in machine.ways if start == name]
        tests = " else ".join(f"if ({condition}) state_d = S_{end};" for end, condition in ways)
        lines.append(f"      S_{name}: {tests}")
    lines += [
        "    endcase",
        "  end",
        "",
        "  always_ff @(posedge clk or negedge rst_n)",
        f"    if (!rst_n) state_q <= S_{machine.states[0]};",
        "    else        state_q <= state_d;",
        "endmodule",
    ]
    return "\n".join(lines)


def assertion_code(rng: Random, machine: Machine, language: str) -> str:
    """Assertions about a handshake and the control unit."""
    start, end, condition = rng.choice(machine.ways)
    steps = rng.choice((1, 2, 4, 8))
    return "\n".join(
        (
            f"// {HELD.said(language)}",
            f"property p_{machine.name}_hold;",
            "  @(posedge clk) disable iff (!rst_n)",
            "    valid && !ready |=> valid && $stable(data);",
            "endproperty",
            f"a_{machine.name}_hold: assert property (p_{machine.name}_hold);",
            "",
            f"// {KNOWN.said(language)}",
            "a_known: assert property (@(posedge clk) rst_n |-> !$isunknown(state_q));",
            f"a_{start.lower()}: assert property (@(posedge clk)",
            f"  state_q == S_{start} && {condition} |-> ##[1:{steps}] state_q == S_{end});",
            f"c_{end.lower()}: cover property (@(posedge clk) state_q == S_{end});",
        )
    )


def _conditions(machine: Machine) -> list[str]:
    return sorted({condition for _, _, condition in machine.ways})
