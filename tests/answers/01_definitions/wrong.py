# ruff: noqa: B905, F811
"""Wrong answers to assignment 01: `# %% question: a part of the message that must name the mistake`."""

import torch


# %% fit: is not written yet
def fit(x, y, classes):
    raise NotImplementedError()


# %% fit: the mean is not removed
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    return prior, torch.stack([g.mean(0) for g in groups]), torch.stack([g.T @ g / len(g) for g in groups])


# %% fit: around the mean of all points
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    around = [(g - x.mean(0)).T @ (g - x.mean(0)) / len(g) for g in groups]
    return prior, torch.stack([g.mean(0) for g in groups]), torch.stack(around)


# %% fit: divided by n − 1
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    return prior, torch.stack([g.mean(0) for g in groups]), torch.stack([torch.cov(g.T) for g in groups])


# %% fit: the number of all points
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    mean = torch.stack([g.mean(0) for g in groups])
    scatter = [(g - m).T @ (g - m) / len(x) for g, m in zip(groups, mean)]
    return prior, mean, torch.stack(scatter)


# %% fit: one covariance for all classes
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    mean = torch.stack([g.mean(0) for g in groups])
    rest = x - mean[y]
    return prior, mean, (rest.T @ rest / len(x)).repeat(classes, 1, 1)


# %% fit: holds the variances only
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    return prior, torch.stack([g.mean(0) for g in groups]), torch.stack([g.var(0, correction=0) for g in groups])


# %% fit: zeros off the diagonal
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    variances = torch.stack([g.var(0, correction=0) for g in groups])
    return prior, torch.stack([g.mean(0) for g in groups]), torch.diag_embed(variances)


# %% fit: holds the shares, not their logarithms
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups])
    mean = torch.stack([g.mean(0) for g in groups])
    return prior, mean, torch.stack([torch.cov(g.T, correction=0) for g in groups])


# %% fit: the prior is forgotten
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    mean = torch.stack([g.mean(0) for g in groups])
    covariance = torch.stack([torch.cov(g.T, correction=0) for g in groups])
    return torch.full((classes,), 1 / classes).log(), mean, covariance


# %% fit: the logarithm of the counts
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    mean = torch.stack([g.mean(0) for g in groups])
    return torch.bincount(y).log(), mean, torch.stack([torch.cov(g.T, correction=0) for g in groups])


# %% fit: one more count for each class
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([(len(g) + 1) / (len(x) + classes) for g in groups]).log()
    mean = torch.stack([g.mean(0) for g in groups])
    return prior, mean, torch.stack([torch.cov(g.T, correction=0) for g in groups])


# %% fit: the mean of all points
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    covariance = torch.stack([torch.cov(g.T, correction=0) for g in groups])
    return prior, x.mean(0).repeat(classes, 1), covariance


# %% fit: the sum over the class divided by N
def fit(x, y, classes):
    r = torch.nn.functional.one_hot(y, classes).float()
    mean = r.T @ x / len(x)
    return r.mean(0).log(), mean, torch.stack([torch.cov(x[y == k].T, correction=0) for k in range(classes)])


# %% fit: must return three tensors
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    return torch.stack([g.mean(0) for g in groups]), torch.stack([torch.cov(g.T, correction=0) for g in groups])


# %% fit: covariance for 2 classes in 2 dimensions
def fit(x, y, classes):
    groups = [x[y == k] for k in range(classes)]
    prior = torch.tensor([len(g) / len(x) for g in groups]).log()
    mean = torch.stack([g.mean(0) for g in groups])
    covariance = torch.stack([torch.cov(g.T, correction=0) for g in groups])
    return prior, mean, covariance if x.shape[1] == 4 else covariance + torch.eye(x.shape[1])


# %% log_joint: is not written yet
def log_joint(x, log_prior, mean, covariance):
    raise NotImplementedError()


# %% log_joint: leaves out the prior
def log_joint(x, log_prior, mean, covariance):
    return torch.distributions.MultivariateNormal(mean, covariance).log_prob(x[:, None])


# %% log_joint: has the prior as a probability
def log_joint(x, log_prior, mean, covariance):
    return torch.distributions.MultivariateNormal(mean, covariance).log_prob(x[:, None]) + log_prior.exp()


# %% log_joint: A product of probabilities is a sum of logarithms
def log_joint(x, log_prior, mean, covariance):
    return torch.distributions.MultivariateNormal(mean, covariance).log_prob(x[:, None]) * log_prior


# %% log_joint: is a density
def log_joint(x, log_prior, mean, covariance):
    return log_prior.exp() * torch.distributions.MultivariateNormal(mean, covariance).log_prob(x[:, None]).exp()


# %% log_joint: not finite far from the data
def log_joint(x, log_prior, mean, covariance):
    return (log_prior.exp() * torch.distributions.MultivariateNormal(mean, covariance).log_prob(x[:, None]).exp()).log()


# %% log_joint: cut off far from the data
def log_joint(x, log_prior, mean, covariance):
    density = log_prior.exp() * torch.distributions.MultivariateNormal(mean, covariance).log_prob(x[:, None]).exp()
    return (density + 1e-30).log()


# %% log_joint: leaves out the determinant
def log_joint(x, log_prior, mean, covariance):
    import math

    d = x[:, None] - mean
    q = torch.einsum("bki,kij,bkj->bk", d, torch.linalg.inv(covariance), d)
    return log_prior - q / 2 - x.shape[1] / 2 * math.log(2 * math.pi)


# %% log_joint: where it is to be subtracted
def log_joint(x, log_prior, mean, covariance):
    import math

    d = x[:, None] - mean
    q = torch.einsum("bki,kij,bkj->bk", d, torch.linalg.inv(covariance), d)
    return log_prior - q / 2 + torch.logdet(covariance) / 2 - x.shape[1] / 2 * math.log(2 * math.pi)


# %% log_joint: lacks the ½ of the quadratic term
def log_joint(x, log_prior, mean, covariance):
    import math

    d = x[:, None] - mean
    q = torch.einsum("bki,kij,bkj->bk", d, torch.linalg.inv(covariance), d)
    return log_prior - q - torch.logdet(covariance) / 2 - x.shape[1] / 2 * math.log(2 * math.pi)


# %% log_joint: the constant of one dimension
def log_joint(x, log_prior, mean, covariance):
    import math

    d = x[:, None] - mean
    q = torch.einsum("bki,kij,bkj->bk", d, torch.linalg.inv(covariance), d)
    return log_prior - q / 2 - torch.logdet(covariance) / 2 - math.log(2 * math.pi) / 2


# %% log_joint: where its inverse is due
def log_joint(x, log_prior, mean, covariance):
    import math

    d = x[:, None] - mean
    q = torch.einsum("bki,kij,bkj->bk", d, covariance, d)
    return log_prior - q / 2 - torch.logdet(covariance) / 2 - x.shape[1] / 2 * math.log(2 * math.pi)


# %% log_joint: uses the variances only
def log_joint(x, log_prior, mean, covariance):
    deviation = covariance.diagonal(dim1=1, dim2=2).sqrt()
    return log_prior + torch.distributions.Normal(mean, deviation).log_prob(x[:, None]).sum(2)


# %% log_joint: has the classes first
def log_joint(x, log_prior, mean, covariance):
    return torch.stack(
        [
            log_prior[k] + torch.distributions.MultivariateNormal(mean[k], covariance[k]).log_prob(x)
            for k in range(len(mean))
        ]
    )


# %% log_joint: that is the posterior
def log_joint(x, log_prior, mean, covariance):
    return (log_prior + torch.distributions.MultivariateNormal(mean, covariance).log_prob(x[:, None])).log_softmax(1)


# %% log_joint: that is log p(x)
def log_joint(x, log_prior, mean, covariance):
    return (log_prior + torch.distributions.MultivariateNormal(mean, covariance).log_prob(x[:, None])).logsumexp(1)


# %% log_posterior: is not written yet
def log_posterior(log_joint):
    raise NotImplementedError()


# %% log_posterior: over the batch (dimension 0)
def log_posterior(log_joint):
    return log_joint - log_joint.logsumexp(0)


# %% log_posterior: over everything
def log_posterior(log_joint):
    return log_joint - log_joint.exp().sum().log()


# %% log_posterior: holds probabilities
def log_posterior(log_joint):
    return torch.softmax(log_joint, dim=1)


# %% log_posterior: it is what was given
def log_posterior(log_joint):
    return log_joint


# %% log_posterior: exp gives 0 or inf
def log_posterior(log_joint):
    p = log_joint.exp()
    return (p / p.sum(1, keepdim=True)).log()


# %% log_posterior: is cut off
def log_posterior(log_joint):
    return log_joint - log_joint.clamp(-50, 50).logsumexp(1, keepdim=True)


# %% log_posterior: the largest value only
def log_posterior(log_joint):
    return log_joint - log_joint.amax(1, keepdim=True)


# %% log_posterior: the log of the mean
def log_posterior(log_joint):
    return log_joint - log_joint.exp().mean(1, keepdim=True).log()


# %% log_posterior: the sum of the logarithms
def log_posterior(log_joint):
    return log_joint - log_joint.sum(1, keepdim=True)


# %% log_posterior: divides by log p(x)
def log_posterior(log_joint):
    return log_joint / log_joint.logsumexp(1, keepdim=True)


# %% log_posterior: divides the logarithms by their sum
def log_posterior(log_joint):
    return log_joint / log_joint.sum(1, keepdim=True)


# %% log_posterior: is log p(x)
def log_posterior(log_joint):
    return log_joint.logsumexp(1)


# %% log_posterior: names a class
def log_posterior(log_joint):
    return log_joint.argmax(1)


# %% log_posterior: has the wrong sign
def log_posterior(log_joint):
    return log_joint.logsumexp(1, keepdim=True) - log_joint


# %% sample: is not written yet
def sample(y, mean, covariance, generator=None):
    raise NotImplementedError()


# %% sample: no noise is drawn
def sample(y, mean, covariance, generator=None):
    return mean[y]


# %% sample: multiplied by Σ itself
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], 1, generator=generator)
    return mean[y] + (covariance[y] @ noise)[:, :, 0]


# %% sample: multiplied by Lᵀ
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), 1, mean.shape[1], generator=generator)
    return mean[y] + (noise @ torch.linalg.cholesky(covariance)[y])[:, 0]


# %% sample: drawn independently
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], generator=generator)
    return mean[y] + covariance.diagonal(dim1=1, dim2=2).sqrt()[y] * noise


# %% sample: variances squared
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], generator=generator)
    return mean[y] + covariance.diagonal(dim1=1, dim2=2)[y] * noise


# %% sample: is I whatever the covariance is
def sample(y, mean, covariance, generator=None):
    return mean[y] + torch.randn(len(y), mean.shape[1], generator=generator)


# %% sample: no matrix root
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], 1, generator=generator)
    return mean[y] + (covariance.abs().sqrt()[y] @ noise)[:, :, 0]


# %% sample: The whole batch shares one draw
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(mean.shape[1], 1, generator=generator)
    return mean[y] + (torch.linalg.cholesky(covariance)[y] @ noise)[:, :, 0]


# %% sample: the noise is the same every time
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], 1, generator=torch.Generator().manual_seed(0))
    return mean[y] + (torch.linalg.cholesky(covariance)[y] @ noise)[:, :, 0]


# %% sample: the generator is not used
def sample(y, mean, covariance, generator=None):
    return torch.distributions.MultivariateNormal(mean[y], covariance[y]).sample()


# %% sample: is that of class 0
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], generator=generator)
    return mean[y] + noise @ torch.linalg.cholesky(covariance[0]).T


# %% sample: the mean of another class
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], 1, generator=generator)
    return mean[0] + (torch.linalg.cholesky(covariance)[y] @ noise)[:, :, 0]


# %% sample: points and classes do not match
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], 1, generator=generator)
    order = torch.sort(y).values
    return mean[order] + (torch.linalg.cholesky(covariance)[order] @ noise)[:, :, 0]


# %% sample: torch.rand
def sample(y, mean, covariance, generator=None):
    noise = 12**0.5 * (torch.rand(len(y), mean.shape[1], 1, generator=generator) - 0.5)
    return mean[y] + (torch.linalg.cholesky(covariance)[y] @ noise)[:, :, 0]


# %% joint_table: is not written yet
def joint_table(p_b, p_e, p_a, p_j):
    raise NotImplementedError()


# %% joint_table: leaves out p(b)
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("e,bea,aj->beaj", p_e, p_a, p_j)


# %% joint_table: leaves out p(e)
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,bea,aj->beaj", p_b, p_a, p_j)


# %% joint_table: leaves out p(a | b, e)
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,aj->beaj", p_b, p_e, p_j)


# %% joint_table: reads p(j | a) the wrong way round
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,bea,ja->beaj", p_b, p_e, p_a, p_j)


# %% joint_table: with b and e exchanged
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,eba,aj->beaj", p_b, p_e, p_a, p_j)


# %% joint_table: axes in another order
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,bea,aj->ebaj", p_b, p_e, p_a, p_j)


# %% joint_table: j first
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,bea,aj->jaeb", p_b, p_e, p_a, p_j)


# %% joint_table: The joint table is wrong
def joint_table(p_b, p_e, p_a, p_j):
    return p_b * p_e * p_a[..., None] * p_j


# %% joint_table: is a sum of the tables
def joint_table(p_b, p_e, p_a, p_j):
    return p_b[:, None, None, None] + p_e[:, None, None] + p_a[..., None] + p_j


# %% joint_table: is the logarithm
def joint_table(p_b, p_e, p_a, p_j):
    return p_b.log()[:, None, None, None] + p_e.log()[:, None, None] + p_a.log()[..., None] + p_j.log()


# %% joint_table: is flattened
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,bea,aj->beaj", p_b, p_e, p_a, p_j).flatten()


# %% joint_table: The joint table of other tables
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,bea,aj->beaj", torch.tensor([0.9, 0.1]), torch.tensor([0.8, 0.2]), p_a, p_j)


# %% burglary_given_call: is not written yet
def burglary_given_call(joint):
    raise NotImplementedError()


# %% burglary_given_call: does not sum to 1
def burglary_given_call(joint):
    return joint[..., 1].sum((1, 2))


# %% burglary_given_call: the call is not used
def burglary_given_call(joint):
    return joint.sum((1, 2, 3))


# %% burglary_given_call: somebody did call
def burglary_given_call(joint):
    return joint[..., 0].sum((1, 2)) / joint[..., 0].sum()


# %% burglary_given_call: is p(j = 1 | b)
def burglary_given_call(joint):
    return joint[..., 1].sum((1, 2)) / joint.sum((1, 2, 3))


# %% burglary_given_call: is p(j | b = 1)
def burglary_given_call(joint):
    return joint[1].sum((0, 1)) / joint[1].sum()


# %% burglary_given_call: is p(e | j = 1)
def burglary_given_call(joint):
    return joint[..., 1].sum((0, 2)) / joint[..., 1].sum()


# %% burglary_given_call: is p(a | j = 1)
def burglary_given_call(joint):
    return joint[..., 1].sum((0, 1)) / joint[..., 1].sum()


# %% burglary_given_call: Return both probabilities
def burglary_given_call(joint):
    return joint[1, ..., 1].sum() / joint[..., 1].sum()


# %% burglary_given_call: where a sum is due
def burglary_given_call(joint):
    best = joint[..., 1].flatten(1).max(1).values
    return best / best.sum()


# %% burglary_given_call: holds logarithms
def burglary_given_call(joint):
    both = joint[..., 1].sum((1, 2))
    return (both / both.sum()).log()


# %% burglary_given_call: in the wrong order
def burglary_given_call(joint):
    both = joint[..., 1].sum((1, 2)).flip(0)
    return both / both.sum()


# %% sample: without a generator returns the same
def sample(y, mean, covariance, generator=None):
    epsilon = torch.randn(len(y), mean.shape[1], generator=generator or torch.Generator())
    return mean[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covariance)[y], epsilon)


# %% sample: Draw one for each of them: ε is (n, D)
def sample(y, mean, covariance, generator=None):
    epsilon = torch.randn(len(y), 1, generator=generator).expand(len(y), mean.shape[1])
    return mean[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covariance)[y], epsilon)


# %% log_joint: has K, the number of classes
def log_joint(x, log_prior, mean, covariance):
    gaussians = torch.distributions.MultivariateNormal(mean, covariance)
    extra = 0.5 * (len(mean) - x.shape[1]) * torch.tensor(2 * torch.pi).log()
    return log_prior + gaussians.log_prob(x[:, None]) - extra


# %% log_joint: An axis that only one of them has
def log_joint(x, log_prior, mean, covariance):
    away = x - mean
    return log_prior - 0.5 * (away @ torch.linalg.inv(covariance) * away).sum(-1)


# %% joint_table: has p(b) and p(e) exchanged
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,bea,aj->beaj", p_e, p_b, p_a, p_j)


# %% burglary_given_call: is p(b | a = 1)
def burglary_given_call(joint):
    both = joint[:, :, 1].sum((1, 2))
    return both / both.sum()


# %% log_posterior: torch.stack makes one
def log_posterior(log_joint):
    return [row - row.logsumexp(0) for row in log_joint]


# %% log_joint: An axis that only one of them has
def log_joint(x, log_prior, mean, covariance):
    return log_prior + torch.distributions.MultivariateNormal(mean, covariance).log_prob(x)


# %% sample: is nothing drawn
def sample(y, mean, covariance, generator=None):
    if generator is None:
        return mean[y]
    noise = torch.randn(len(y), mean.shape[1], 1, generator=generator)
    return mean[y] + (torch.linalg.cholesky(covariance)[y] @ noise)[:, :, 0]


# %% fit: first appear
def fit(x, y, classes):
    ks = list(dict.fromkeys(y.tolist()))
    g = [x[y == k] for k in ks]
    return (
        torch.tensor([len(a) / len(x) for a in g]).log(),
        torch.stack([a.mean(0) for a in g]),
        torch.stack([torch.cov(a.T, correction=0) for a in g]),
    )


# %% log_joint: has det Σ where log det
def log_joint(x, log_prior, mean, covariance):
    import math

    d = x[:, None] - mean
    q = torch.einsum("bki,kij,bkj->bk", d, torch.linalg.inv(covariance), d)
    return log_prior - 0.5 * q - 0.5 * torch.linalg.det(covariance) - x.shape[1] / 2 * math.log(2 * math.pi)


# %% log_joint: for a precision matrix
def log_joint(x, log_prior, mean, covariance):
    g = torch.distributions.MultivariateNormal(mean, precision_matrix=covariance)
    return log_prior + g.log_prob(x[:, None])


# %% joint_table: with a as its first axis
def joint_table(p_b, p_e, p_a, p_j):
    return torch.einsum("b,e,abe,aj->beaj", p_b, p_e, p_a, p_j)


# %% burglary_given_call: Sum over e
def burglary_given_call(joint):
    p = joint[:, 0, :, 1].sum(1)
    return p / p.sum()


# %% sample: x in one dimension
def sample(y, mean, covariance, generator=None):
    noise = torch.randn(len(y), mean.shape[1], 1, generator=generator)
    return mean[y] + (torch.linalg.cholesky(covariance)[y] @ noise).squeeze()
