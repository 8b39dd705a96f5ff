package dev.vitrine.study.unit.page;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.render.Montage;
import dev.vitrine.lens.render.Sheet;
import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.render.file.Png;
import dev.vitrine.study.Overview;
import dev.vitrine.study.StudyJson;
import dev.vitrine.study.page.Html;
import dev.vitrine.study.unit.dead.DeadUnits;
import dev.vitrine.study.unit.dead.DeadUnits.Channel;
import dev.vitrine.study.unit.dead.DeadUnits.Layer;
import dev.vitrine.study.unit.dead.DeadUnits.State;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Dead channels as an HTML page, a picture and JSON.
 *
 * @param facts provenance
 */
public record DeadPage(String model, DeadUnits units, Map<String, String> facts) {
    private static final int STRIP = 480;
    private static final int HEIGHT = 22;
    private static final int NAMED = 24;
    private static final int DEAD = 0xd01c1c;

    public DeadPage {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    public String html() {
        return Html.of(output -> JtedeadGenerated.render(output, null, this));
    }

    /** The first channels of a layer in a given state. */
    record Named(String layer, String state, String channels) {}

    List<Named> named() {
        return units.layers().stream()
                .flatMap(layer -> Stream.of(State.DEAD, State.NEARLY_DEAD).map(state -> named(layer, state)))
                .filter(named -> !named.channels().isEmpty())
                .toList();
    }

    private static Named named(Layer layer, State state) {
        List<Integer> numbers = numbers(layer, state);
        String more = numbers.size() > NAMED ? " and " + (numbers.size() - NAMED) + " more" : "";
        return new Named(
                layer.layer(),
                word(state),
                numbers.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", ")) + more);
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<Integer> numbers(Layer layer, State state) {
        return IntStream.range(0, layer.channels().size())
                .filter(channel -> layer.channels().get(channel).state() == state)
                .boxed()
                .toList();
    }

    /** Mean over the channels of the share of values not above 0. */
    public static double silent(Layer layer) {
        return layer.channels().stream().mapToDouble(Channel::silent).average().orElseThrow();
    }

    static BufferedImage strip(Layer layer) {
        List<Channel> ordered = layer.channels().stream()
                .sorted(Comparator.comparing((Channel channel) -> channel.state() == State.DEAD)
                        .thenComparingDouble(Channel::silent))
                .toList();
        BufferedImage strip = new BufferedImage(STRIP, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < STRIP; x++) {
            Channel channel = ordered.get((int) ((long) x * ordered.size() / STRIP));
            int color = channel.state() == State.DEAD ? DEAD : ColorMap.VIRIDIS.rgb(1 - channel.silent());
            for (int y = 0; y < HEIGHT; y++) {
                strip.setRGB(x, y, color);
            }
        }
        return strip;
    }

    private record Summary(
            int format,
            String model,
            long pictures,
            int unreadable,
            List<LayerSummary> layers,
            Map<String, String> facts) {}

    private record LayerSummary(String layer, long dead, long nearlyDead, List<ChannelSummary> channels) {
        LayerSummary(Layer layer) {
            this(
                    layer.layer(),
                    layer.count(State.DEAD),
                    layer.count(State.NEARLY_DEAD),
                    layer.channels().stream().map(ChannelSummary::new).toList());
        }
    }

    private record ChannelSummary(double maximum, double mean, double notAboveZero, double pictures, String state) {
        ChannelSummary(Channel channel) {
            this(channel.maximum(), channel.mean(), channel.silent(), channel.pictures(), word(channel.state()));
        }
    }

    public String json() {
        return StudyJson.text(new Summary(
                1,
                model,
                units.pictures(),
                units.unreadable(),
                units.layers().stream().map(LayerSummary::new).toList(),
                facts));
    }

    /** One strip per layer. */
    public BufferedImage picture() {
        List<Montage.Cell> cells = units.layers().stream()
                .map(layer -> new Montage.Cell(
                        strip(layer),
                        layer.layer() + ": " + layer.count(State.DEAD) + " dead, "
                                + layer.count(State.NEARLY_DEAD) + " nearly, of "
                                + layer.channels().size()))
                .toList();
        Provenance provenance = new Provenance(
                model,
                units.pictures() + " pictures",
                "all chosen layers",
                "share of values above 0",
                Map.of("colors", "dark none, yellow all, red dead; most active channels first"));
        return new Sheet(new Montage(cells, 1).image(), provenance, Optional.empty()).image();
    }

    /** Writes {@code dead.html}, {@code dead.png} and {@code dead.json}. */
    public List<Path> write(Path folder) {
        List<Path> files =
                List.of(folder.resolve("dead.html"), folder.resolve("dead.png"), folder.resolve("dead.json"));
        OutputFile.write(files.get(0), html());
        Png.write(files.get(1), picture(), facts);
        OutputFile.write(files.get(2), json());
        return files;
    }

    /** One row per layer. */
    public static Overview overview(DeadUnits units) {
        Overview table = Overview.of("layer", "channels", "dead", "nearly", "not above 0");
        for (DeadUnits.Layer layer : units.layers()) {
            table = table.row(
                    layer.layer(),
                    Integer.toString(layer.channels().size()),
                    Long.toString(layer.count(DeadUnits.State.DEAD)),
                    Long.toString(layer.count(DeadUnits.State.NEARLY_DEAD)),
                    String.format(Locale.ROOT, "%.0f %%", 100 * silent(layer)));
        }
        return table;
    }
}
