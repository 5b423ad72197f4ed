# SPDX-License-Identifier: Apache-2.0
"""Chooses inputs for the targets that run inside httpd. libFuzzer merges in processes that it starts by itself, which
would be httpd without its arguments; so the step of such a process is run here, and what it writes down is read."""

import shutil


def inputs(folder):
    return sorted(path for path in folder.iterdir() if path.is_file())


def edges_of(lines, count):
    """What each input reaches, by its number: "FT 3 17 18 ..."."""
    reached = {int(words[1]): set(words[2:]) for words in map(str.split, lines) if words and words[0] == "FT"}
    assert len(reached) == count, f"{len(reached)} of {count} inputs ran"
    return reached


def pick(reached, known):
    """Numbers of inputs that reach together what is not known, the one that adds most first."""
    picked = []
    while reached:
        best = max(reached, key=lambda number: (len(reached[number] - known), -number))
        if not reached[best] - known:
            break
        known |= reached.pop(best)
        picked.append(best)
    return picked


def keep(run, target, control, found):
    """Adds inputs of the folder found to the target's corpus. run(options): its exit code. Returns that."""
    old, new = inputs(target.corpus), inputs(found)
    control.write_text("".join(f"{line}\n" for line in [len(old) + len(new), len(old), *old, *new]))
    code = run(["-merge_inner=2", "-use_counters=0", f"-merge_control_file={control}"])
    if code != 0:
        return code
    reached = edges_of(control.read_text().splitlines(), len(old) + len(new))
    known = set().union(*(reached.pop(number) for number in range(len(old))))
    for number in pick(reached, known):
        shutil.copy(new[number - len(old)], target.corpus)
    return 0
