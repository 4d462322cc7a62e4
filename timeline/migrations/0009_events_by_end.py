import home.dates.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0008_events_in_time_order'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='eventpage',
            index=models.Index(home.dates.fields.WithoutAbout('end_date', output_field=models.CharField()), name='event_by_end'),
        ),
    ]
