package dev.vitrine.study.unit.page;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.filter.FilterPainter;
import dev.vitrine.lens.unit.filter.LinearPath;
import dev.vitrine.lens.unit.filter.LinearStep;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Report;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.unit.filter.FilterStudy;
import dev.vitrine.study.unit.filter.Filters;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code filters.png}, a sheet of the filters, and {@code filters.html}, which also shows each by input channel.
 *
 * @param facts about the network and the program
 */
public record FilterReport(ModelSession session, FilterStudy study, Map<String, String> facts, Watcher watcher)
        implements Report<Filters> {
    private static final int TILE = 96;
    private static final int SLICE = 28;
    private static final int SLICES = 16;
    private static final int COLUMNS = 8;

    @Override
    public List<Path> write(Outcome<Filters> outcome, Path folder) {
        Model model = study.model();
        Filters found = outcome.result();
        List<FilterPage.Filter> filters = drawn(found);
        List<Montage.Cell> cells = filters.stream()
                .map(filter -> new Montage.Cell(filter.picture(), caption(filter)))
                .toList();
        boolean read = filters.get(0).colors().isPresent();
        Provenance provenance = new Provenance(
                model.name(),
                "none",
                found.layer(),
                read ? "filters" : "weights in pixel space, linear path",
                Map.of("noise", "Geary's C"));
        Path sheet = folder.resolve("filters.png");
        new Sheet(new Montage(cells, COLUMNS).image(), provenance, Optional.empty()).write(sheet);
        List<String> about = new ArrayList<>();
        about.add(found.channels() + " channels, " + filters.size() + " drawn. "
                + study.step()
                        .map(step -> "Each reads " + step.depth() + " channels at " + step.height() + "×" + step.width()
                                + " positions.")
                        .orElse("The layer is not a convolution or matrix product with constant weights; its weights in"
                                + " pixel space are drawn."));
        noise(found).ifPresent(about::add);
        Path page = folder.resolve("filters.html");
        new FilterPage(model.name(), found.layer(), about, filters, facts).write(page);
        return List.of(sheet, page);
    }

    private List<FilterPage.Filter> drawn(Filters found) {
        Optional<LinearStep> step = study.step();
        FilterPainter painter = new FilterPainter(study.model(), TILE);
        FilterPainter small = new FilterPainter(study.model(), SLICE);
        List<FilterPage.Filter> filters = new ArrayList<>();
        watcher.begin("drawing", 1);
        try (LinearPath path = new LinearPath(session)) {
            for (Filters.Filter filter : found.filters()) {
                watcher.check();
                int channel = filter.channel();
                Optional<BufferedImage> colors = step.flatMap(known -> painter.colors(known, channel));
                filters.add(new FilterPage.Filter(
                        channel,
                        colors,
                        filter.roughness(),
                        step.filter(known -> colors.isEmpty())
                                .map(known -> small.slices(known, channel, SLICES))
                                .orElse(List.of()),
                        colors.isPresent()
                                ? Optional.empty()
                                : Optional.of(painter.expanded(path, study.layer(), channel))));
                watcher.report(filters.size(), found.filters().size());
            }
        } finally {
            watcher.end();
        }
        return filters;
    }

    /** A line on the noise of the filters, if measured. */
    public Optional<String> noise(Filters found) {
        double[] measured = found.filters().stream()
                .flatMapToDouble(filter -> filter.roughness().stream())
                .sorted()
                .toArray();
        return measured.length == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "Noise by Geary's C (near 0 smooth, near 1 random, above 1 alternating): median %.2f, from %.2f"
                                + " to %.2f.",
                        measured[measured.length / 2],
                        measured[0],
                        measured[measured.length - 1]));
    }

    private static String caption(FilterPage.Filter filter) {
        return filter.channel()
                + (filter.roughness().isPresent()
                        ? String.format(
                                Locale.ROOT, ": C %.2f", filter.roughness().getAsDouble())
                        : "");
    }
}
