"""Names and abbreviations of months and weekdays in English and Spanish, with their numbers."""


def numbered(*groups, start):
    """Return the number of each name. The names of a group, separated by spaces, have the same number."""
    return {name: number for number, names in enumerate(groups, start) for name in names.split()}


MONTHS = numbered(
    "january jan enero ene",
    "february feb febrero",
    "march mar marzo",
    "april apr abril abr",
    "may mayo",
    "june jun junio",
    "july jul julio",
    "august aug agosto ago",
    "september sept sep septiembre setiembre set",
    "october oct octubre",
    "november nov noviembre",
    "december dec diciembre dic",
    start=1,
)
WEEKDAYS = numbered(
    "monday mon lunes lun",
    "tuesday tues tue martes",
    "wednesday weds wed miércoles miercoles mié mie",
    "thursday thurs thur thu jueves jue",
    "friday fri viernes vie",
    "saturday sat sábado sabado sáb sab",
    "sunday sun domingo dom",
    start=0,
)
