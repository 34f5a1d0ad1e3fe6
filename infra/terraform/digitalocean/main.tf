locals {
  vxlan_port = 4789 # RFC 7348
  public_key = trimspace(file(pathexpand(var.ssh_public_key_file)))
}

resource "digitalocean_ssh_key" "controller" {
  name       = "${var.name}-controller"
  public_key = local.public_key
}

resource "digitalocean_tag" "lab" {
  name = var.name
}

resource "digitalocean_vpc" "underlay" {
  name     = "${var.name}-underlay"
  region   = var.region
  ip_range = var.private_cidr
}

resource "digitalocean_droplet" "server" {
  for_each = var.servers

  name       = "${var.name}-${each.key}"
  image      = var.image
  region     = var.region
  size       = coalesce(each.value.size, var.size)
  vpc_uuid   = digitalocean_vpc.underlay.id
  ipv6       = true
  monitoring = false
  tags       = [digitalocean_tag.lab.id]
  # Of root, in case cloud-init fails; runner logs in as var.user.
  ssh_keys = [digitalocean_ssh_key.controller.fingerprint]
  user_data = templatefile("${path.module}/cloud-init.yaml.tftpl", {
    user       = var.user
    public_key = local.public_key
  })
}

resource "digitalocean_firewall" "lab" {
  name = "${var.name}-firewall"
  tags = [digitalocean_tag.lab.id]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = var.controller_cidrs
  }

  inbound_rule {
    protocol    = "udp"
    port_range  = tostring(local.vxlan_port)
    source_tags = [digitalocean_tag.lab.id]
  }

  inbound_rule {
    protocol    = "udp"
    port_range  = tostring(var.wireguard_port)
    source_tags = [digitalocean_tag.lab.id]
  }

  # Path MTU discovery needs it, and people who look for a fault.
  inbound_rule {
    protocol         = "icmp"
    source_addresses = var.controller_cidrs
    source_tags      = [digitalocean_tag.lab.id]
  }

  # For packages, which cloud-init installs.
  dynamic "outbound_rule" {
    for_each = ["tcp", "udp"]

    content {
      protocol              = outbound_rule.value
      port_range            = "1-65535"
      destination_addresses = ["0.0.0.0/0", "::/0"]
    }
  }

  outbound_rule {
    protocol              = "icmp"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}
