package dev.vitrine.app.unit;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.filter.FilterPainter;
import dev.vitrine.lens.unit.filter.LinearPath;
import dev.vitrine.lens.unit.filter.LinearStep;
import dev.vitrine.lens.unit.filter.Roughness;
import dev.vitrine.study.unit.page.FilterPage;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine filters}: the weights of a layer as pictures. */
@Command(
        name = "filters",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Draws the filters of a layer.",
        description = {
            "%nThe first layer's filters are tiles in the colours of the picture, with a measure of noise (Geary's C: near 0"
                    + " smooth, near 1 by chance). Deeper ones are drawn by input channel, and as their weights over the"
                    + " pixels along the linear path: rectifiers left out, maxima of poolings taken as means. For a fully"
                    + " connected layer on pixels these are the templates of its classes.%n",
            "  vitrine filters",
            "  vitrine filters net.onnx --layer conv4 --most 32%n"
        })
public final class FiltersCommand implements Callable<Integer> {
    private static final int TILE = 96;
    private static final int SLICE = 28;
    private static final int SLICES = 16;
    private static final int COLUMNS = 8;

    @Parameters(
            paramLabel = "[MODEL]",
            arity = "0..1",
            hideParamSyntax = true,
            description = "The network, in place of --model.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            description = "A layer by name. Default: the first convolution or matrix product.")
    private Optional<String> name;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "64",
            description = "Channels that are drawn, evenly taken. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "filters",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public FiltersCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Bound.atLeastOne("--most", most);
        models.after(words, 0);
        try (OpenModel open = models.open(terminal, stop);
                LinearPath path = new LinearPath(open.session());
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            ShortNames.ofLayers(name.stream().toList(), model, terminal);
            Value value =
                    name.map(text -> ChannelLayer.find(model, text).value()).orElseGet(() -> LinearStep.first(model));
            ChannelLayer layer = ChannelLayer.find(model, value.name());
            Optional<LinearStep> step = LinearStep.of(model, value);
            FilterPainter painter = new FilterPainter(model, TILE);
            FilterPainter small = new FilterPainter(model, SLICE);
            int count = Math.min(most, layer.channels());
            ProgressLine progress = new ProgressLine(terminal, count);
            List<FilterPage.Filter> filters = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                stop.check();
                int channel = (int) ((long) index * layer.channels() / count);
                progress.begin("channel " + channel, 1);
                Optional<BufferedImage> colours = step.flatMap(found -> painter.colours(found, channel));
                filters.add(new FilterPage.Filter(
                        channel,
                        colours,
                        step.map(found -> Roughness.of(found.kernel(channel))).orElse(OptionalDouble.empty()),
                        step.filter(found -> colours.isEmpty())
                                .map(found -> small.slices(found, channel, SLICES))
                                .orElse(List.of()),
                        colours.isPresent() ? Optional.empty() : Optional.of(painter.expanded(path, layer, channel))));
            }
            progress.end();
            write(model, layer, step, filters);
            return 0;
        }
    }

    private void write(Model model, ChannelLayer layer, Optional<LinearStep> step, List<FilterPage.Filter> filters) {
        List<Montage.Cell> cells = filters.stream()
                .map(filter -> new Montage.Cell(filter.picture(), caption(filter)))
                .toList();
        boolean read = filters.get(0).colours().isPresent();
        Provenance provenance = new Provenance(
                model.name(),
                "none",
                layer.name(),
                read ? "filters" : "weights over the pixels, linear path",
                Map.of("noise", "Geary's C"));
        Path sheet = out.resolve("filters.png");
        new Sheet(new Montage(cells, COLUMNS).image(), provenance, Optional.empty()).write(sheet);
        Path page = out.resolve("filters.html");
        List<String> about = new ArrayList<>();
        about.add(layer.channels() + " channels, " + filters.size() + " drawn. "
                + step.map(found -> "Each reads " + found.depth() + " channels at " + found.height() + "×"
                                + found.width() + " places.")
                        .orElse("The layer is no convolution or matrix product with fixed weights; its weights over the"
                                + " pixels are drawn."));
        double[] measured = filters.stream()
                .flatMapToDouble(filter -> filter.roughness().stream())
                .sorted()
                .toArray();
        if (measured.length > 0) {
            String line = String.format(
                    Locale.ROOT,
                    "Noise by Geary's C (near 0 smooth, near 1 by chance, above 1 alternating): median %.2f, from %.2f to"
                            + " %.2f.",
                    measured[measured.length / 2],
                    measured[0],
                    measured[measured.length - 1]);
            about.add(line);
            terminal.out().println(line);
        }
        new FilterPage(model.name(), layer.name(), about, filters, ModelFacts.of(model, Map.of())).write(page);
        terminal.out().println(sheet);
        terminal.out().println(page);
    }

    private static String caption(FilterPage.Filter filter) {
        return filter.channel()
                + (filter.roughness().isPresent()
                        ? String.format(
                                Locale.ROOT, ": C %.2f", filter.roughness().getAsDouble())
                        : "");
    }
}
