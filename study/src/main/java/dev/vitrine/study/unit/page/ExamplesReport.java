package dev.vitrine.study.unit.page;

import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.unit.example.ExamplePainter;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.ExampleStore;
import dev.vitrine.study.unit.example.Examples;
import dev.vitrine.study.unit.example.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code examples.parquet}, and {@code examples.html} with patches and projections of some channels.
 *
 * @param drawn number of channels per layer on the page, evenly spaced; 0 for no page
 * @param place where the pictures come from
 * @param facts about the network and the program
 */
public record ExamplesReport(
        ModelSession session, ExampleSearch search, int drawn, String place, Map<String, String> facts, Watcher watcher)
        implements Report<Examples> {
    private static final int TILE = 66;

    @Override
    public List<Path> write(Outcome<Examples> outcome, Path folder) {
        List<Path> files = new ArrayList<>(List.of(folder.resolve("examples.parquet")));
        ExampleStore.write(files.get(0), outcome, search);
        if (drawn > 0 && !outcome.isPartial()) {
            files.add(folder.resolve("examples.html"));
            page(outcome.result()).write(files.get(1));
        }
        return files;
    }

    /** Coherence of the strongest pictures of units, and of directions in the same layer, a line each. */
    public List<String> likeness(Examples examples) {
        List<String> lines = new ArrayList<>();
        for (int index = 0; index < examples.likeness().size(); index++) {
            Probe probe = search.probes().get(index);
            lines.add(probe.name() + ": the strongest pictures of "
                    + (probe.directions().isPresent() ? "a direction" : "a unit") + " have a mean similarity of "
                    + String.format(Locale.ROOT, "%.3f", examples.likeness().get(index)));
        }
        return lines;
    }

    private ExamplesPage page(Examples examples) {
        Map<?, ReceptiveField> fields = ReceptiveField.of(search.model());
        List<ExamplesPage.Layer> sections = new ArrayList<>();
        int all = search.probes().size();
        watcher.begin("drawing", 1);
        for (int index = 0; index < all; index++) {
            Probe probe = search.probes().get(index);
            String about = probe.channels() + (probe.directions().isPresent() ? " directions, " : " channels, ")
                    + probe.layer().height() + "×" + probe.layer().width()
                    + " positions, each with a receptive field of "
                    + fields.get(probe.layer().value()).size() + " pixels";
            sections.add(new ExamplesPage.Layer(probe.name(), about, channels(examples, index)));
            watcher.report(index + 1L, all);
        }
        watcher.end();
        List<String> notes = likeness(examples).stream()
                .map(line -> line + " (mean correlation of the class scores of two of them).")
                .toList();
        Map<String, String> made = new LinkedHashMap<>();
        made.put("pictures", search.pictures().size() + " of " + place);
        made.put("could not be read", Integer.toString(examples.unreadable()));
        made.put("ranked by", PageText.word(examples.summary()) + " over positions; ties go to the earlier picture");
        made.putAll(facts);
        return new ExamplesPage(search.model().name(), sections, notes, made);
    }

    private List<ExamplesPage.Channel> channels(Examples examples, int index) {
        Probe probe = search.probes().get(index);
        ExamplePainter painter = new ExamplePainter(session, search.pictures(), probe, TILE);
        int count = Math.min(drawn, probe.channels());
        List<ExamplesPage.Channel> channels = new ArrayList<>();
        for (int one = 0; one < count; one++) {
            watcher.check();
            int channel = (int) ((long) one * probe.channels() / count);
            channels.add(new ExamplesPage.Channel(
                    (probe.directions().isPresent() ? "direction " : "channel ") + channel,
                    painter.draw(channel, examples.strongest(index, channel)),
                    painter.draw(channel, examples.weakest(index, channel))));
        }
        return channels;
    }
}
