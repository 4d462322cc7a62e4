# Made of 0001 to 0010 for new sites, so that each table is made once.

import django.db.models.deletion
import home.dates.fields
import modelcluster.fields
import modelsearch.index
import timeline.models.embedding
import timeline.models.event
import uuid
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

from leadwatch.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('timeline', '0001_initial'),
        ('timeline', '0002_embed_settings'),
        ('timeline', '0003_eras_and_imports'),
        ('timeline', '0004_words_of_help'),
        ('timeline', '0005_former_category_slugs'),
        ('timeline', '0006_import_results'),
        ('timeline', '0008_events_in_time_order'),
        ('timeline', '0009_events_by_end'),
        ('timeline', '0010_categories_in_review'),
    ]

    dependencies = [
        ('concerns', '0001_initial'),
        ('home', '0017_second_factor'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='EventCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('name', models.CharField(help_text='Visitors see it on each event, and can filter the timeline by it.', max_length=100, verbose_name='name')),
                ('slug', models.SlugField(help_text='For example: policy.', max_length=100, verbose_name='short name in the address')),
                ('description', models.CharField(blank=True, help_text='A sentence for editors who write events.', max_length=255, verbose_name='what belongs here')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('locked', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': 'event category',
                'verbose_name_plural': 'event categories',
                'ordering': ['name'],
                'unique_together': {('slug', 'locale'), ('translation_key', 'locale')},
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='EventPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('summary', models.TextField(help_text='One or two sentences. Shown in lists, in search results and when a link is shared.', max_length=500, verbose_name='summary')),
                ('last_reviewed', models.DateField(blank=True, help_text='The day on which somebody last checked that the page is still right. Shown on the page.', null=True, verbose_name='last reviewed')),
                ('body', wagtail.fields.StreamField([], blank=True, verbose_name='text')),
                ('unique_id', models.CharField(db_index=True, default=timeline.models.event.new_unique_id, editable=False, max_length=255)),
                ('date', home.dates.fields.PreciseDateField(db_index=True, help_text='As exactly as known: October 25, 2016, or December 2017, or 2016, or about 2016.', verbose_name='date')),
                ('end_date', home.dates.fields.PreciseDateField(blank=True, help_text='Only if the event lasted for some time. Written like the date.', verbose_name='end')),
                ('place', models.CharField(blank=True, help_text='A building or neighborhood, shown next to the date: City Hall, Hill North.', max_length=255, verbose_name='place')),
                ('verification', models.CharField(choices=[('confirmed', 'Confirmed'), ('reported', 'Reported'), ('disputed', 'Disputed')], default='reported', help_text='Confirmed: by an official document or two independent sources. Reported: by one source. Disputed: a knowledgeable source says otherwise.', max_length=10, verbose_name='how sure we are')),
                ('category', models.ForeignKey(help_text='Visitors see it on the event, and can filter the timeline by it.', limit_choices_to={'live': True}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='timeline.eventcategory', verbose_name='category')),
                ('concerns', modelcluster.fields.ParentalManyToManyField(blank=True, help_text='The event appears on these pages as evidence.', related_name='events', to='concerns.concernpage', verbose_name='concerns')),
                ('lead_image', models.ForeignKey(blank=True, help_text="Shown at the top of the event's page.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.siteimage', verbose_name='image')),
                ('listing_image', models.ForeignKey(blank=True, help_text='Shown when somebody shares the link, if there is no image for sharing.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.siteimage', verbose_name='image in lists')),
                ('partners', modelcluster.fields.ParentalManyToManyField(blank=True, help_text="The event appears on these partners' pages.", related_name='events', to='home.partnerpage', verbose_name='took part')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown when somebody shares the link. Without it, the image in lists is used.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.siteimage', verbose_name='image for sharing')),
                ('imported', models.JSONField(blank=True, default=dict, editable=False)),
            ],
            options={
                'indexes': [
                    models.Index(home.dates.fields.WithoutAbout('date', output_field=models.CharField()), models.F('page_ptr'), name='event_in_time_order'),
                    models.Index(home.dates.fields.WithoutAbout('end_date', output_field=models.CharField()), name='event_by_end'),
                ],
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
            },
            bases=('wagtailcore.page', models.Model),
        ),
        migrations.CreateModel(
            name='EventSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('title', models.CharField(help_text='The title of the article, report or document.', max_length=255, verbose_name='title')),
                ('publisher', models.CharField(blank=True, help_text='Who published it: a newspaper, an agency.', max_length=255, verbose_name='publisher')),
                ('url', models.URLField(blank=True, help_text='Where a visitor can read it.', max_length=500, verbose_name='web address')),
                ('published', home.dates.fields.PreciseDateField(blank=True, help_text='As exactly as known: October 25, 2018, or December 2018, or 2018.', verbose_name='published')),
                ('accessed', models.DateField(blank=True, help_text='The day on which you last read it there.', null=True, verbose_name='read on')),
                ('archived_url', models.URLField(blank=True, help_text='The address of a saved copy, shown beside the link in case the original disappears.', max_length=500, verbose_name='archived copy')),
                ('note', models.CharField(blank=True, help_text='For example the page, or who is quoted.', max_length=255, verbose_name='note')),
                ('document', models.ForeignKey(blank=True, help_text='A copy that we hold and may publish.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.sitedocument', verbose_name='file in our library')),
                ('owner', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='timeline.eventpage')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EmbedSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('framing', models.CharField(choices=[('all', 'Any site'), ('listed', 'Only the sites listed below')], default='all', help_text='Embeds show only what is public, and nothing can be submitted in them.', max_length=10, verbose_name='who may show a timeline')),
                ('origins', models.TextField(blank=True, help_text='One per line, as its address begins: https://partner.example. A star stands for any subdomain: https://*.partner.example.', validators=[timeline.models.embedding.validate_origins], verbose_name='sites')),
            ],
            options={
                'verbose_name': 'embedding',
            },
        ),
        migrations.CreateModel(
            name='TimelinePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('summary', models.TextField(help_text='One or two sentences. Shown in lists, in search results and when a link is shared.', max_length=500, verbose_name='summary')),
                ('last_reviewed', models.DateField(blank=True, help_text='The day on which somebody last checked that the page is still right. Shown on the page.', null=True, verbose_name='last reviewed')),
                ('body', wagtail.fields.StreamField([], blank=True, verbose_name='text')),
                ('listing_image', models.ForeignKey(blank=True, help_text='Shown when somebody shares the link, if there is no image for sharing.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.siteimage', verbose_name='image in lists')),
                ('social_image', models.ForeignKey(blank=True, help_text='Shown when somebody shares the link. Without it, the image in lists is used.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='home.siteimage', verbose_name='image for sharing')),
                ('imported', models.JSONField(blank=True, default=dict, editable=False)),
            ],
            options={
                'verbose_name': 'timeline',
                'verbose_name_plural': 'timelines',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Era',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('headline', models.CharField(help_text='Visitors see it on the axis, and in a list below.', max_length=100, verbose_name='name')),
                ('start', home.dates.fields.PreciseDateField(help_text='As exactly as known: October 25, 2016, or December 2017, or 2016.', verbose_name='begins')),
                ('end', home.dates.fields.PreciseDateField(help_text='Written like the beginning.', verbose_name='ends')),
                ('imported', models.JSONField(blank=True, default=dict, editable=False)),
                ('timeline', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='eras', to='timeline.timelinepage')),
            ],
            options={
                'verbose_name': 'era',
                'verbose_name_plural': 'eras',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FormerCategorySlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='timeline.eventcategory')),
            ],
        ),
        migrations.CreateModel(
            name='EventImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=255, verbose_name='file')),
                ('content', models.BinaryField()),
                ('publish', models.BooleanField(default=False, verbose_name='publish the events')),
                ('with_pictures', models.BooleanField(default=False, verbose_name='download images')),
                ('timeline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='timeline.timelinepage')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done', models.JSONField(editable=False, null=True)),
                ('done_at', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('undone_at', models.DateTimeField(editable=False, null=True)),
                ('undone_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        ]),
    ]
