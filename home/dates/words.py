"""Names and abbreviations of months and weekdays in English and Spanish, with their numbers."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
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
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lunes lun",
            "tuesday tues tue martes",
            "wednesday weds wed miércoles miercoles mié mie",
            "thursday thurs thur thu jueves jue",
            "friday fri viernes vie",
            "saturday sat sábado sabado sáb sab",
            "sunday sun domingo dom",
        )
    )
    for name in names.split()
}
