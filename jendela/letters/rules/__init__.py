"""The rules of letters: the catalogue, the checks, the indicator of the job-loss programme."""

from jendela.letters.rules.catalogue import Rules, load_rules
from jendela.letters.rules.jkp import jkp
from jendela.letters.rules.judge import judge, judge_cases

__all__ = ["Rules", "jkp", "judge", "judge_cases", "load_rules"]
