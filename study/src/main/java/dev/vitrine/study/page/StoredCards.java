package dev.vitrine.study.page;

import dev.vitrine.lens.attribution.Provenance;
import dev.vitrine.lens.render.color.ColorBar;
import dev.vitrine.lens.render.color.ColorMap;
import dev.vitrine.lens.render.color.Polarity;
import dev.vitrine.lens.render.color.Scale;
import dev.vitrine.lens.render.file.StoredImage;
import dev.vitrine.lens.store.PartText;
import dev.vitrine.study.page.ExplanationPage.Bar;
import dev.vitrine.study.page.ExplanationPage.Card;
import dev.vitrine.study.page.ExplanationPage.Cover;
import dev.vitrine.study.page.ExplanationPage.Figure;
import dev.vitrine.study.page.ExplanationPage.Image;
import dev.vitrine.study.page.ExplanationPage.Overlay;
import dev.vitrine.study.page.ExplanationPage.Picture;
import java.awt.image.BufferedImage;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The content of an {@link ExplanationPage} stored between two runs; it reproduces the same page. */
public final class StoredCards {
    private StoredCards() {}

    public static void write(Image image, DataOutput output) throws IOException {
        PartText.write(image.name(), output);
        StoredImage.write(image.view(), output);
        output.writeInt(image.top().size());
        for (Bar bar : image.top()) {
            PartText.write(bar.label(), output);
            output.writeDouble(bar.value());
            output.writeInt(bar.measure().ordinal());
        }
        write(image.cards(), output);
    }

    public static Image readImage(DataInput input) throws IOException {
        String name = PartText.read(input);
        BufferedImage view = StoredImage.read(input);
        List<Bar> top = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            top.add(new Bar(PartText.read(input), input.readDouble(), Bar.Measure.values()[input.readInt()]));
        }
        return new Image(name, view, top, readCards(input));
    }

    public static void write(List<Card> cards, DataOutput output) throws IOException {
        output.writeInt(cards.size());
        for (Card card : cards) {
            PartText.write(card.title(), output);
            PartText.write(card.answers(), output);
            write(card.figure(), output);
            Provenance provenance = card.provenance();
            PartText.write(
                    List.of(provenance.model(), provenance.image(), provenance.target(), provenance.method()), output);
            PartText.write(provenance.options(), output);
            PartText.write(card.facts(), output);
            PartText.write(card.notes(), output);
            PartText.write(card.files(), output);
        }
    }

    public static List<Card> readCards(DataInput input) throws IOException {
        List<Card> cards = new ArrayList<>();
        for (int left = input.readInt(); left > 0; left--) {
            String title = PartText.read(input);
            String answers = PartText.read(input);
            Figure figure = readFigure(input);
            List<String> of = PartText.readAll(input);
            Map<String, String> options = PartText.readMap(input);
            Provenance provenance = new Provenance(of.get(0), of.get(1), of.get(2), of.get(3), options);
            Map<String, String> facts = PartText.readMap(input);
            List<String> notes = PartText.readAll(input);
            cards.add(new Card(title, answers, figure, provenance, facts, notes, PartText.readAll(input)));
        }
        return cards;
    }

    private static void write(Figure figure, DataOutput output) throws IOException {
        if (figure instanceof Overlay overlay) {
            output.writeBoolean(true);
            StoredImage.write(overlay.layer(), output);
            Scale scale = overlay.bar().scale();
            output.writeInt(ColorMap.ALL.indexOf(overlay.bar().colors()));
            output.writeInt(scale.polarity().ordinal());
            output.writeDouble(scale.low());
            output.writeDouble(scale.high());
            output.writeDouble(scale.within());
        } else if (figure instanceof Picture picture) {
            output.writeBoolean(false);
            StoredImage.write(picture.picture(), output);
        } else if (figure instanceof Cover) {
            throw new IOException("covers are not stored");
        }
    }

    private static Figure readFigure(DataInput input) throws IOException {
        boolean overlay = input.readBoolean();
        BufferedImage image = StoredImage.read(input);
        if (!overlay) {
            return new Picture(image);
        }
        ColorMap colors = ColorMap.ALL.get(input.readInt());
        Polarity polarity = Polarity.values()[input.readInt()];
        Scale scale = new Scale(polarity, input.readDouble(), input.readDouble(), input.readDouble());
        return new Overlay(image, new ColorBar(colors, scale));
    }
}
