package dev.vitrine.lens.attribution;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;

/** A method that needs the height and width of a picture, such as one that occludes parts of it. */
public interface PictureAttribution extends Attribution {
    /** Fails with a usage error if the model's input is not a picture. */
    static void require(Attribution method, Model model) {
        if (method instanceof PictureAttribution && !model.takesPictures()) {
            throw refusal(method.id(), model);
        }
    }

    /** The usage error where something needs a picture. */
    static VitrineException refusal(String what, Model model) {
        return VitrineException.usage("'" + what + "' needs pictures [N, C, H, W] or [N, H, W, C]; the input of model '"
                + model.name() + "' is " + model.graph().types().get(model.input())
                + ". Gradients, integrated gradients, SmoothGrad, LRP, DeepLIFT and, where there are maps, class"
                + " activation maps take any input.");
    }
}
