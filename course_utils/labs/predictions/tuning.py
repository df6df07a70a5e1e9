"""What each method's settings were chosen from: as many candidates for a plain baseline as for a generative one."""

RARE = {  # by the mean sensitivity at 10 rare rows
    "breast cancer": {
        "nothing": [{"C": C} for C in (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)],
        "class weights": [{"C": C} for C in (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)],
        "oversampling": [{"C": C} for C in (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)],
        "SMOTE": [{"C": C, "k": k} for C in (0.03, 0.1, 1.0) for k in (2, 5)],
        "Gaussian": [{"C": C, "own": own} for C in (0.1, 1.0) for own in (0.1, 0.5, 0.9)],
        "CVAE": [{"C": C, "steps": steps} for C in (0.03, 0.1, 1.0) for steps in (200, 600)],
    },
    "digits": {
        "nothing": [{"C": C} for C in (0.3, 1.0, 2.0, 5.0, 10.0, 30.0)],
        "class weights": [{"C": C} for C in (0.3, 1.0, 2.0, 5.0, 10.0, 30.0)],
        "oversampling": [{"C": C} for C in (0.3, 1.0, 2.0, 5.0, 10.0, 30.0)],
        "shifts, rotations": [
            {"C": C, "pixels": p, "degrees": d} for C in (1.0, 10.0) for p, d in ((0.2, 3.0), (0.4, 6.0), (0.7, 10.0))
        ],
        "Gaussian": [{"C": C, "own": own} for C in (1.0, 10.0) for own in (0.1, 0.5, 0.9)],
        "CVAE": [{"C": 10.0, "levels": levels, "steps": steps} for levels in (1.0, 4.0, 16.0) for steps in (200, 600)],
    },
}

LABELS = {  # by the mean accuracy with 50 labels
    "labels alone": [{"C": C} for C in (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)],
    "network, labels alone": [{"steps": steps} for steps in (25, 50, 100, 200, 400, 800)],
    "self-training": [{"C": C, "threshold": t} for C in (1.0, 10.0) for t in (0.6, 0.75, 0.9)],
    "label spreading": [{"k": k, "alpha": alpha} for k in (5, 7, 10) for alpha in (0.2, 0.8)],
    "VAE features": [{"C": C, "levels": 16.0, "latent": latent} for C in (1.0, 10.0) for latent in (8, 16, 32)],
    "M2": [{"levels": levels, "steps": steps} for levels in (1.0, 4.0, 16.0) for steps in (400, 800)],
}

DEFECTS = {  # by the mean AUC on the parts that set the threshold
    "nearest neighbor": [{"k": k} for k in (1, 2, 3, 5, 10, 20)],
    "principal components": [{"dims": dims} for dims in (10, 20, 30, 40, 45, 50)],
    "isolation forest": [{"features": f, "samples": n} for f in (0.1, 0.25, 1.0) for n in (256, 800)],
    "one-class SVM": [{"gamma": gamma} for gamma in (0.1, 1.0, 2.0, 4.0, 8.0, 16.0)],
    "mixture": [{"k": k, "noise": noise} for k in (10, 20) for noise in (0.0003, 0.001, 0.003)],
    "VAE": [{"latent": latent, "levels": levels} for latent in (8, 16, 24) for levels in (4.0, 16.0)],
}

MISSING = {  # by the mean error at 20 % of gaps at random, on wine
    "mean": [{}],
    "k-NN": [{"k": k} for k in (2, 3, 5, 10, 20, 30)],
    "iterative": [{"ridge": ridge} for ridge in (0.1, 1.0, 3.0, 10.0, 30.0, 100.0)],
    "Gaussian": [{"reg_covar": r} for r in (0.001, 0.01, 0.03, 0.1, 0.2, 0.3)],
    "mixture of 3": [{"reg_covar": r} for r in (0.001, 0.01, 0.03, 0.1, 0.2, 0.3)],
    "VAE": [{"latent": latent, "steps": steps} for latent in (2, 4, 8) for steps in (300, 900)],
}

# What was best; `python -m course_utils.labs.predictions tuning` prints all scores.
CHOSEN: dict[str, dict[str, dict[str, float]]] = {
    "breast cancer": {
        "nothing": {"C": 3.0},
        "class weights": {"C": 1.0},
        "oversampling": {"C": 1.0},
        "SMOTE": {"C": 1.0, "k": 5},
        "Gaussian": {"C": 1.0, "own": 0.1},
        "CVAE": {"C": 0.1, "steps": 600},
    },
    "digits": {
        "nothing": {"C": 10.0},
        "class weights": {"C": 5.0},
        "oversampling": {"C": 2.0},
        "shifts, rotations": {"C": 10.0, "pixels": 0.4, "degrees": 6.0},
        "Gaussian": {"C": 10.0, "own": 0.9},
        "CVAE": {"C": 10.0, "levels": 1.0, "steps": 200},
    },
    "labels": {
        "labels alone": {"C": 1.0},
        "network, labels alone": {"steps": 800},
        "self-training": {"C": 10.0, "threshold": 0.9},
        "label spreading": {"k": 7, "alpha": 0.8},
        "VAE features": {"C": 1.0, "levels": 16.0, "latent": 16},
        "M2": {"levels": 4.0, "steps": 800},
    },
    "defects": {
        "nearest neighbor": {"k": 1},
        "principal components": {"dims": 50},
        "isolation forest": {"features": 1.0, "samples": 800},
        "one-class SVM": {"gamma": 8.0},
        "mixture": {"k": 20, "noise": 0.003},
        "VAE": {"latent": 16, "levels": 16.0},
    },
    "missing": {
        "k-NN": {"k": 10},
        "iterative": {"ridge": 30.0},
        "Gaussian": {"reg_covar": 0.03},
        "mixture of 3": {"reg_covar": 0.2},
        "VAE": {"latent": 4, "steps": 900},
    },
}
