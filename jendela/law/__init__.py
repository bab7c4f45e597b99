"""Law as data: regimes by date, working days, reasons of termination, the readings of the agreed codes."""

from jendela.law.calendar import Calendar, working_days
from jendela.law.held import Parameters
from jendela.law.law import Law, load_law
from jendela.law.readings import Readings
from jendela.law.regimes import Parameter, Regime

__all__ = ["Calendar", "Law", "Parameter", "Parameters", "Readings", "Regime", "load_law", "working_days"]
