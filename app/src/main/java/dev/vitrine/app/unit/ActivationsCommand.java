package dev.vitrine.app.unit;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.ModelOptions;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Choices;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.render.Images;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.lens.unit.activation.FeatureMapPainter;
import dev.vitrine.lens.unit.activation.FeatureMaps;
import dev.vitrine.study.Stems;
import dev.vitrine.study.unit.page.ActivationPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vitrine activations}: what layers hold for one picture. */
@Command(
        name = "activations",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Draws the maps of layers for one picture.",
        description = {
            "%nWrites a page on which the place under the pointer shows its value and the pixels that it sees, and a picture"
                    + " a layer.%n",
            "  vitrine activations cat.jpg",
            "  vitrine activations cat.jpg --model net.onnx --layer conv2,conv4 --order strongest%n"
        })
public final class ActivationsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", description = "A picture.")
    private Path image;

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            split = ",",
            defaultValue = "all",
            description = "Layers by name, or 'all' for those with maps after each step of the network. Default:"
                    + " ${DEFAULT-VALUE}.")
    private List<String> layers;

    @Option(
            names = "--scale",
            paramLabel = "shared|own",
            defaultValue = "shared",
            description =
                    "What the ends of the colours stand for: the same for all maps of a layer, or each map its own."
                            + " Default: ${DEFAULT-VALUE}.")
    private FeatureMapPainter.Scaling scaling;

    @Option(
            names = "--order",
            paramLabel = "channel|strongest",
            defaultValue = "channel",
            description = "Maps by number, or the most active first. Default: ${DEFAULT-VALUE}.")
    private FeatureMaps.Order order;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "256",
            description = "Maps of each layer that are drawn, the first of the order. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "activations",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public ActivationsCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Bound.atLeastOne("--most", most);
        Picture picture = PictureReader.read(image);
        try (OpenModel open = models.open(terminal, stop);
                Claim claim = OutputFolder.take(out, terminal)) {
            Model model = open.model();
            List<ChannelLayer> chosen = chosen(model);
            String name = image.getFileName().toString();
            Map<?, ReceptiveField> fields = ReceptiveField.of(model);
            List<ActivationPage.Layer> sections = new ArrayList<>();
            Stems stems = new Stems();
            for (FeatureMaps maps :
                    FeatureMaps.of(open.session(), chosen, model.preprocessing().apply(picture))) {
                stop.check();
                FeatureMapPainter painter = new FeatureMapPainter(maps, scaling, model.name(), name);
                List<FeatureMaps.Channel> all = maps.maps(order);
                List<FeatureMaps.Channel> shown = all.subList(0, Math.min(most, all.size()));
                Optional<ReceptiveField> field =
                        Optional.ofNullable(fields.get(maps.layer().value()));
                Optional<ReceptiveField.Reach> window = field.flatMap(ReceptiveField::window);
                sections.add(new ActivationPage.Layer(
                        maps,
                        painter,
                        shown,
                        field.flatMap(found -> found.at(0, 0)),
                        window.map(ReceptiveField.Reach::strideY).orElse(0.0),
                        window.map(ReceptiveField.Reach::strideX).orElse(0.0)));
                Path sheet = out.resolve(stems.free(Stems.slug(maps.layer().name())) + ".png");
                painter.sheet(shown).write(sheet);
                terminal.out().println(sheet);
            }
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("scale", Choices.word(scaling));
            facts.put("order", Choices.word(order));
            facts.putAll(ModelFacts.of(model, Map.of()));
            Path page = out.resolve("activations.html");
            new ActivationPage(
                            model.name(), name, Images.of(model.preprocessing().view(picture)), sections, facts)
                    .write(page);
            terminal.out().println(page);
            return 0;
        }
    }

    private List<ChannelLayer> chosen(Model model) {
        List<ChannelLayer> named = UnitLayers.parse(layers, model);
        ShortNames.ofLayers(layers, model, terminal);
        boolean several = layers.stream().anyMatch(word -> word.strip().equals(UnitLayers.ALL));
        return several ? named.stream().filter(ChannelLayer::isSpatial).toList() : named;
    }
}
